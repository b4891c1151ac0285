import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fitsInMemory } from "#tools/executors/local/memory-room.ts";
import { allowedCpus, cpusOfSlots } from "#tools/executors/local/pin-cpus.ts";
import { bootId, isAlive, startTicks } from "#tools/executors/local/processes.ts";
import { sweepOrphans } from "#tools/executors/local/sweep-orphans.ts";
import { writeAttempt } from "#tools/jobs/write-attempt.ts";
import { openTestHome, type TestHome, testKey, trainSpec } from "../test-home.ts";

let place: TestHome;
beforeEach(async () => {
  place = await openTestHome();
});
afterEach(() => place.remove());

describe("cores of a slot", () => {
  it("are an equal, contiguous part for each", () => {
    const cpus = [0, 1, 2, 3, 8, 9, 10, 11];
    expect(cpusOfSlots([0], 2, cpus)).toEqual([0, 1, 2, 3]);
    expect(cpusOfSlots([1], 2, cpus)).toEqual([8, 9, 10, 11]);
    expect(cpusOfSlots([1, 3], 4, cpus)).toEqual([2, 3, 10, 11]);
  });

  it("are all of them where each slot would have less than two, unless a person wants it so", () => {
    expect(cpusOfSlots([0], 2, [0, 1])).toEqual([]);
    expect(cpusOfSlots([1], 2, [0, 1], true)).toEqual([1]);
    expect(cpusOfSlots([0], 1, [0, 1, 2, 3], false)).toEqual([]);
    expect(cpusOfSlots([0], 4, [0, 1], true)).toEqual([]);
  });

  it("are among those that this process may use", () => {
    expect(allowedCpus("Cpus_allowed:\tff\nCpus_allowed_list:\t0-2,7\n")).toEqual([0, 1, 2, 7]);
    expect(allowedCpus("")).toEqual([]);
  });
});

describe("memory of this host", () => {
  const host = hostname();

  /** An attempt at a job with a limit, which holds a slot when it runs. */
  async function attempt(name: string, memoryMib: number | null, runs: boolean) {
    const id = `${testKey(name).slice(0, 16)}-1`;
    await writeAttempt({
      home: place.home,
      job: { attempt: id, key: testKey(name), directory: join(place.home, "jobs", id) },
      steps: trainSpec(place.home, name).steps,
      device: { kind: "cpu", perJob: 1 },
      limits: { wall_seconds: 60, memory_mib: memoryMib, disk_mib: null },
      resumeFrom: null,
    });
    if (runs) await place.store.devices.claim(host, "cpu", 1, id);
    return id;
  }

  it("is not promised twice", async () => {
    await place.store.devices.ensure(host, "cpu", 4);
    await attempt("a", 600, true);
    const second = await attempt("b", 600, false);
    const fits = (mib: number) => fitsInMemory({ store: place.store, home: place.home, host }, second, mib);
    expect(await fits(1000)).toBe(false);
    expect(await fits(1200)).toBe(true);
  });

  it("never keeps an attempt waiting that is alone, or of which nothing is known", async () => {
    await place.store.devices.ensure(host, "cpu", 4);
    const first = await attempt("a", 5000, false);
    expect(await fitsInMemory({ store: place.store, home: place.home, host }, first, 1000)).toBe(true);
    await attempt("b", null, true);
    const third = await attempt("c", null, false);
    expect(await fitsInMemory({ store: place.store, home: place.home, host }, third, 1000)).toBe(true);
  });
});

/** A process that an attempt left behind, and the claim of its runner. */
async function orphan(runner: { pid: number; ticks: number } | null) {
  const directory = join(place.home, "jobs", "abc-1");
  const left = spawn("sleep", ["600"], { env: { TEMPER_ATTEMPT: directory }, stdio: "ignore", detached: true });
  await once(left, "spawn");
  const boot_id = await bootId();
  if (runner !== null) {
    await mkdir(directory, { recursive: true });
    const claim = { attempt: "abc-1", host: hostname(), boot_id, pid: runner.pid, start_ticks: runner.ticks, claimed_at: 0 };
    await writeFile(join(directory, "claim.json"), JSON.stringify(claim));
  }
  const pid = left.pid ?? 0;
  return { process: { boot_id, pid, start_ticks: await startTicks(pid) }, left };
}

const sweep = () => sweepOrphans({ store: place.store, home: place.home, host: hostname() });

describe.runIf(process.platform === "linux")("orphans after a crash of everything", () => {
  it.each([
    ["whose runner is dead", { pid: 2_000_000_000, ticks: 1 }],
    ["whose directory was removed", null],
  ])("ends the processes of an attempt %s", async (_, runner) => {
    const { process: left } = await orphan(runner);
    expect(await isAlive(left)).toBe(true);
    expect(await sweep()).toEqual(["abc-1"]);
    expect(await isAlive(left)).toBe(false);
  });

  it("leaves alone what has a live runner, and what is of another home", async () => {
    const { process: left, left: child } = await orphan({ pid: process.pid, ticks: await startTicks(process.pid) });
    expect(await sweep()).toEqual([]);
    expect(await isAlive(left)).toBe(true);
    await rm(join(place.home, "jobs"), { recursive: true });
    expect(await sweepOrphans({ store: place.store, home: `${place.home}-other`, host: hostname() })).toEqual([]);
    child.kill("SIGKILL");
    await once(child, "exit");
  });
});
