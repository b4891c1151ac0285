import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Executor } from "#tools/executors/executor.ts";
import { createLocalExecutor } from "#tools/executors/local/create-local-executor.ts";
import { cancelJob } from "#tools/cancel-job.ts";
import { runJob } from "#tools/run-job.ts";
import { openTestHome, type TestHome, testKey, trainSpec } from "./test-home.ts";

const patience = { timeout: 40_000, interval: 20 };
let place: TestHome;
let executor: Executor | null = null;
const conductors: ChildProcess[] = [];

beforeEach(async () => {
  place = await openTestHome();
});
afterEach(async () => {
  for (const conductor of conductors.splice(0)) conductor.kill("SIGKILL");
  await executor?.close();
  executor = null;
  await place.remove();
});

/** A conductor in a process of its own, which waits for one job. */
function startConductor(behaviour: string): ChildProcess {
  const conductor = spawn(process.execPath, ["tests/fixtures/wait-for-job.ts", place.home, "a", behaviour], { stdio: "ignore" });
  conductors.push(conductor);
  return conductor;
}

async function killedWhileRunning(behaviour: string): Promise<string> {
  const conductor = startConductor(behaviour);
  await expect.poll(async () => (await place.store.jobs.live())[0]?.state, patience).toBe("submitted");
  const [job] = await place.store.jobs.live();
  const log = join(job?.directory ?? "", "log.txt");
  await expect.poll(async () => await readFile(log, "utf8").catch(() => ""), patience).toContain("sleeping");
  conductor.kill("SIGKILL");
  await once(conductor, "exit");
  return job?.directory ?? "";
}

async function openExecutor(): Promise<Executor> {
  executor = await createLocalExecutor({
    home: place.home,
    python: resolve(".venv/bin/python"),
    store: place.store,
    host: hostname(),
    settings: { device: "cpu", cpu_slots: 1 },
    fixtureScripts: resolve("tests/fixtures/scripts"),
    workerIdleSeconds: 1,
  });
  return executor;
}

describe("a conductor that was killed", { timeout: 90_000 }, () => {
  it("leaves a job that goes on, and that the next one adopts", async () => {
    const directory = await killedWhileRunning("sleep_until_told");
    const claim = await readFile(join(directory, "claim.json"), "utf8");
    const waiting = runJob(place.context(await openExecutor()), trainSpec(place.home, "a", { train: "sleep_until_told" }));
    await writeFile(join(directory, "steps", "train", "go"), "");
    expect(await waiting).toMatchObject({ status: "ok", attempts: [`${testKey("a").slice(0, 16)}-1`] });
    expect(await readFile(join(directory, "claim.json"), "utf8")).toBe(claim);
    expect(await place.store.jobs.ofKey(testKey("a"))).toHaveLength(1);
    expect(await place.store.devices.held(hostname())).toEqual([]);
  });

  it("leaves a job that the next one can end", async () => {
    await killedWhileRunning("sleep");
    const context = place.context(await openExecutor());
    const [job] = await place.store.jobs.live();
    if (job === undefined) throw new Error("no live job");
    await cancelJob(context, job);
    expect(await place.store.jobs.live()).toEqual([]);
    expect(await place.store.devices.held(hostname())).toEqual([]);
  });
});
