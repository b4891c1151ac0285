import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admit } from "#src/budget/admission.ts";
import type { Store } from "#src/store/store.ts";
import { sampleConfig, sampleEstimate, sampleJob, sampleRun } from "#tests/conformance/store/samples.ts";
import { useSqliteStore } from "../store/use-sqlite-store.ts";

const capHours = 10;
const config = sampleConfig({ budget: { device_hours: capHours, usd: 15, usd_per_device_hour: 2 } });

type Step = { kind: "start"; jobs: { p90: number }[] } | { kind: "end"; share: number; lost: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("start" as const),
    jobs: fc.array(fc.record({ p90: fc.double({ min: 0.01, max: 6, noNaN: true }) }), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant("end" as const), share: fc.double({ min: 0, max: 1, noNaN: true }), lost: fc.boolean() }),
);

describe("admission", () => {
  const state = useSqliteStore();

  it("never lets what is spent and reserved go over a cap, whatever starts at once and however it ends", { timeout: 120_000 }, async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const runId = `law.${++round}`;
        await state.store.runs.create(sampleRun({ id: runId, name: `law-${round}`, config }));
        for (const [index, each] of steps.entries()) {
          if (each.kind === "start")
            await Promise.all(each.jobs.map(({ p90 }, job) => start(state.store, runId, `${runId}-${index}-${job}`, p90)));
          else await endOldest(state.store, runId, each);
          const { deviceSeconds, reservedDeviceSeconds } = await state.store.jobs.spent(runId);
          const hours = (deviceSeconds + reservedDeviceSeconds) / 3600;
          expect(hours).toBeLessThanOrEqual(capHours + 1e-9);
          expect(hours * 2).toBeLessThanOrEqual(15 + 1e-9);
        }
      }),
      { numRuns: 40 },
    );
  });
});

async function start(store: Store, runId: string, key: string, p90: number) {
  const estimate = { ...sampleEstimate, deviceHoursP90: p90, usdP90: p90 * 2 };
  await store.transaction(async (inside) => {
    const admission = await admit(inside, { run: runId, trial: null, batch: null, key, estimate });
    if (admission.verdict === "admitted") await inside.jobs.create(sampleJob(`${key}-1`, key, { runId, estimate }));
  });
}

/** A job that keeps to its p90 takes a share of it; one that is lost has used what nobody measured. */
async function endOldest(store: Store, runId: string, { share, lost }: { share: number; lost: boolean }) {
  const job = (await store.jobs.live()).find((candidate) => candidate.runId === runId);
  if (job === undefined) return;
  const deviceSeconds = lost ? null : job.estimate.deviceHoursP90 * 3600 * share;
  await store.jobs.update(job.attempt, { state: "finished", outcome: lost ? "lost" : "finished", deviceSeconds });
}
