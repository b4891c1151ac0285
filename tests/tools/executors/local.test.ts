import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { getPriority } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Attempt, Executor } from "#tools/executors/executor.ts";
import { createLocalExecutor, type LocalExecutorOptions } from "#tools/executors/local/create-local-executor.ts";
import { allowedCpus } from "#tools/executors/local/pin-cpus.ts";
import { leftovers } from "#tools/executors/local/processes.ts";
import { readClaim } from "#tools/executors/local/read-claim.ts";
import { describeExecutor } from "../../conformance/executor.ts";
import { testAttempt } from "../test-attempt.ts";
import { openTestHome, type TestHome } from "../test-home.ts";

interface LocalSettings {
  warm_worker: boolean;
  cpu_slots?: number;
  pin_cpus?: boolean;
  nice?: number;
}

const python = resolve(".venv/bin/python");
const fixtureScripts = resolve("tests/fixtures/scripts");
const patience = { timeout: 40_000, interval: 10 };

const stateOf = async (executor: Executor, attempt: Attempt) => (await executor.status([attempt])).get(attempt.id)?.state;
const logOf = async (attempt: Attempt) => await readFile(join(attempt.directory, "log.txt"), "utf8").catch(() => "");

const reach = async (executor: Executor, attempt: Attempt, state: string) =>
  await expect.poll(async () => await stateOf(executor, attempt), patience).toBe(state);

/** Cores that an attempt's runner, and so all of its processes, may use. */
async function coresOf({ directory }: Attempt): Promise<number[]> {
  const claim = await readClaim(directory);
  return allowedCpus(await readFile(`/proc/${claim?.pid}/status`, "utf8"));
}

/** An executor whose environment holds secrets that no job may see. */
async function openLocal(place: TestHome, settings: LocalSettings, more: Partial<LocalExecutorOptions> = {}): Promise<Executor> {
  return await createLocalExecutor({
    home: place.home,
    python,
    store: place.store,
    host: (await import("node:os")).hostname(),
    settings: { device: "cpu", cpu_slots: 2, ...settings },
    environment: { ...process.env, OPENAI_API_KEY: "sk-planted", HF_TOKEN: "hf-planted" },
    fixtureScripts,
    workerIdleSeconds: 1,
    ...more,
  });
}

const silenceMs = 800;
const openAfar = async (place: TestHome) => await openLocal(place, { warm_worker: false }, { host: "another", silenceMs });

describeExecutor("local, cold", {
  open: async (place) => await openLocal(place, { warm_worker: false }),
  slots: 2,
  isAdoptable: true,
  patienceMs: 40_000,
  conductor: () => ({ executor: { kind: "local", device: "cpu", cpu_slots: 2, warm_worker: false }, environment: {} }),
  afar: { open: openAfar, silenceMs },
  fullDisk: "real",
});
describeExecutor("local, warm", {
  open: async (place) => await openLocal(place, { warm_worker: true }),
  slots: 2,
  isAdoptable: true,
  patienceMs: 40_000,
  conductor: () => ({ executor: { kind: "local", device: "cpu", cpu_slots: 2, warm_worker: true }, environment: {} }),
  afar: { open: openAfar, silenceMs },
  fullDisk: "real",
});

describe("local executor", () => {
  let place: TestHome;
  const opened: Executor[] = [];
  beforeEach(async () => {
    place = await openTestHome();
  });
  afterEach(async () => {
    for (const executor of opened.splice(0)) await executor.close();
    await place.remove();
  });

  async function open(settings: LocalSettings) {
    const executor = await openLocal(place, settings);
    opened.push(executor);
    return executor;
  }
  const workerCard = () => join(place.home, "worker", "worker.json");
  const workerPid = async (): Promise<number> => JSON.parse(await readFile(workerCard(), "utf8")).pid;

  it.each([true, false])("hands no secret to a job (warm worker: %s)", async (warm) => {
    const executor = await open({ warm_worker: warm });
    const attempt = await testAttempt(place, "a", "environment");
    await executor.submit(attempt);
    await reach(executor, attempt, "succeeded");
    const log = await logOf(attempt);
    expect(log).toContain("ENVIRONMENT");
    expect(log).not.toContain("planted");
    if (warm) expect(await readFile(`/proc/${await workerPid()}/environ`, "utf8")).not.toContain("planted");
  });

  it.each([true, false])("tells a killed runner from a running one, and ends what it left behind (warm worker: %s)", async (warm) => {
    const executor = await open({ warm_worker: warm });
    const attempt = await testAttempt(place, "a", "grandchild_sleep");
    await executor.submit(attempt);
    await expect.poll(async () => await logOf(attempt), patience).toContain("sleeping");
    const claim = await readClaim(attempt.directory);
    if (claim === null) throw new Error("no claim");
    expect(await leftovers(claim, attempt.directory)).toHaveLength(3);
    process.kill(claim.pid, "SIGKILL");
    await reach(executor, attempt, "lost");
    expect(await leftovers(claim, attempt.directory)).toEqual([]);
  });

  it.each([true, false])("leaves no process behind when it cancels (warm worker: %s)", async (warm) => {
    const executor = await open({ warm_worker: warm });
    const attempt = await testAttempt(place, "a", "grandchild_sleep");
    await executor.submit(attempt);
    await expect.poll(async () => await logOf(attempt), patience).toContain("sleeping");
    const claim = await readClaim(attempt.directory);
    await executor.cancel(attempt);
    if (claim === null) throw new Error("no claim");
    expect(await leftovers(claim, attempt.directory)).toEqual([]);
  });

  it.runIf(process.platform === "linux" && allowedCpus().length >= 2)("keeps each job on the cores of its slot", async () => {
    const executor = await open({ warm_worker: true, pin_cpus: true });
    const attempts = [await testAttempt(place, "a", "sleep"), await testAttempt(place, "b", "sleep")];
    for (const attempt of attempts) await executor.submit(attempt);
    for (const attempt of attempts) await reach(executor, attempt, "running");
    const each = Math.floor(allowedCpus().length / 2);
    const expected = [allowedCpus().slice(0, each), allowedCpus().slice(each, 2 * each)];
    for (const [index, attempt] of attempts.entries()) await expect.poll(() => coresOf(attempt), patience).toEqual(expected[index]);
    for (const attempt of attempts) await executor.cancel(attempt);
  });

  it.runIf(process.platform === "linux").each([
    [true, {}, 10],
    [false, {}, 10],
    [false, { nice: 3 }, 3],
    [false, { nice: 0 }, 0],
  ])("lets other work go first (warm worker: %s, settings %j)", async (warm, settings, niceness) => {
    const executor = await open({ warm_worker: warm, ...settings });
    const attempt = await testAttempt(place, "a", "sleep");
    await executor.submit(attempt);
    await reach(executor, attempt, "running");
    const claim = await readClaim(attempt.directory);
    expect(getPriority(claim?.pid)).toBe(Math.max(niceness, getPriority()));
    await executor.cancel(attempt);
  });

  it("says which signal ended a script", async () => {
    const executor = await open({ warm_worker: false });
    const attempt = await testAttempt(place, "a", "kill");
    await executor.submit(attempt);
    await reach(executor, attempt, "failed");
    expect((await executor.status([attempt])).get(attempt.id)?.detail).toContain("SIGKILL");
  });

  it("starts a new worker when the old one was killed, and lets its jobs go on", async () => {
    const executor = await open({ warm_worker: true });
    const [first, second] = [await testAttempt(place, "a", "sleep"), await testAttempt(place, "b")];
    await executor.submit(first);
    await reach(executor, first, "running");
    const pid = await workerPid();
    process.kill(pid, "SIGKILL");
    await executor.submit(second);
    await reach(executor, second, "succeeded");
    expect(await workerPid()).not.toBe(pid);
    expect(await stateOf(executor, first)).toBe("running");
    await executor.cancel(first);
  });

  it("replaces a worker that does not answer", async () => {
    const executor = await open({ warm_worker: true });
    const [first, second] = [await testAttempt(place, "a"), await testAttempt(place, "b")];
    await executor.submit(first);
    await reach(executor, first, "succeeded");
    const pid = await workerPid();
    process.kill(pid, "SIGSTOP");
    await executor.submit(second);
    await reach(executor, second, "succeeded");
    expect(await workerPid()).not.toBe(pid);
  });

  it("gives slots back that a killed conductor held", async () => {
    const executor = await open({ warm_worker: false, cpu_slots: 1 });
    const { hostname } = await import("node:os");
    expect(await place.store.devices.claim(hostname(), "cpu", 1, "gone-1")).toEqual([0]);
    const attempt = await testAttempt(place, "a");
    await executor.submit(attempt);
    await reach(executor, attempt, "succeeded");
    expect(await place.store.devices.held(hostname())).toEqual([]);
  });

  it("rejects what its Python cannot start, saying why", async () => {
    const executor = await createLocalExecutor({
      home: place.home,
      python: "/nowhere/python",
      store: place.store,
      host: "here",
      settings: { device: "cpu", warm_worker: false },
    });
    opened.push(executor);
    const attempt = await testAttempt(place, "a");
    await executor.submit(attempt);
    await reach(executor, attempt, "rejected");
    expect((await executor.status([attempt])).get(attempt.id)?.detail).toContain("/nowhere/python");
  });

  it("ends the worker when it is idle and nobody is there", async () => {
    const executor = await open({ warm_worker: true });
    const attempt = await testAttempt(place, "a");
    await executor.submit(attempt);
    await reach(executor, attempt, "succeeded");
    expect(existsSync(workerCard())).toBe(true);
    await executor.close();
    await expect.poll(() => existsSync(workerCard()), patience).toBe(false);
  });
});
