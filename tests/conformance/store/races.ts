import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { tailEvents } from "#src/service/tail-events.ts";
import type { StoreBackend } from "./backend.ts";
import { type RaceResult, raceResultSchema, racerSchema } from "./race-contract.ts";
import { sampleApproval } from "./samples.ts";
import { useStore } from "./use-store.ts";

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : 1);

const run = "three-skills.1";
const racer = fileURLToPath(new URL("racer.ts", import.meta.url));
const rounds = 60;
const names = ["ana", "bo", "cy"];

export function describeRaces(backend: StoreBackend) {
  describe("three processes that want the same at once", () => {
    const opened = useStore(backend);

    it("get each thing exactly once, and a reader misses no event", { timeout: 60_000 }, async () => {
      const { store, place } = opened;
      for (let round = 0; round < rounds; round++) {
        await store.approvals.create(sampleApproval(`a${round}`, `key-${round}`, { expiresAt: "2999-01-01T00:00:00.000Z" }));
        await store.commands.add({ runId: run, kind: "pause", author: "ana", fields: {} });
      }
      await store.devices.ensure("host", "cpu", rounds);

      const seen: number[] = [];
      const stop = new AbortController();
      const reading = (async () => {
        for await (const event of tailEvents(store, run, { intervalMs: 2, signal: stop.signal })) seen.push(event.id);
      })();
      const results = await Promise.all(names.map((name) => race(racerSchema.parse({ place, name, rounds }))));
      const all = await store.events.list(run);
      await expect.poll(() => seen.length).toBe(all.length);
      stop.abort();
      await reading;

      const keys = Array.from({ length: rounds }, (_, round) => `key-${round}`).toSorted(byCodeUnit);
      const numbers = Array.from({ length: rounds }, (_, index) => index + 1);
      const together = (field: keyof RaceResult) => results.flatMap((result): (string | number)[] => result[field]);
      expect(together("trials").toSorted((a, b) => Number(a) - Number(b))).toEqual(numbers);
      for (const field of ["jobs", "approvals", "leases"] as const) expect(together(field).map(String).toSorted(byCodeUnit)).toEqual(keys);
      expect(together("devices").toSorted((a, b) => Number(a) - Number(b))).toEqual(numbers.map((number) => number - 1));
      expect(new Set(together("commands")).size).toBe(rounds);
      expect(together("commands")).toHaveLength(rounds);
      expect(all).toHaveLength(rounds * names.length);
      expect(seen).toEqual(all.map((event) => event.id));
      expect(await store.trials.counts(run)).toMatchObject({ live: rounds, chosen: 1 });
    });
  });
}

async function race(input: { place: unknown; name: string; rounds: number }): Promise<RaceResult> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--no-warnings", racer, JSON.stringify(input)]);
  return raceResultSchema.parse(JSON.parse(stdout));
}
