import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { slurmExecutorSchema } from "#src/config/engine-config.ts";
import type { Attempt, Executor } from "#tools/executors/executor.ts";
import { isAlive } from "#tools/executors/local/processes.ts";
import { type Claim, readClaim } from "#tools/executors/local/read-claim.ts";
import { createSlurmExecutor } from "#tools/executors/slurm/create-slurm-executor.ts";
import { readOutcome } from "#tools/jobs/read-outcome.ts";
import type { Cluster } from "../../engines/cluster.ts";
import { startSlurm } from "../../engines/start-slurm.ts";
import { testAttempt } from "../test-attempt.ts";
import { openTestHome, type TestHome } from "../test-home.ts";

const patience = { timeout: 240_000, interval: 100 };
const cpus = 2;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startSlurm({ cpus, gpus: 2 });
});
afterAll(async () => {
  // Undefined when it could not be started, which has been told then.
  await cluster?.stop();
});

const slurm = async (command: string, ...args: string[]) => await execa(command, args, { env: cluster.environment });

/** Ends that only Slurm can bring about, each induced on a real one: whatever it does, an attempt has one end, and nothing is left of it. */
describe("a job that Slurm ends", () => {
  let place: TestHome;
  let executor: Executor;
  let attempt: Attempt;

  const look = async () => (await executor.status([attempt])).get(attempt.id);
  const slurmSays = async () => (await slurm("squeue", "--noheader", "--states=all", `--name=${attempt.id}`, "--format=%T")).stdout.trim();

  beforeEach(async () => {
    place = await openTestHome();
  });
  afterEach(async () => {
    await executor.close();
    await cluster.up();
    await place.remove();
  });

  /** Starts an attempt that sleeps until it is told, under these settings; returns who runs it. */
  async function start(name: string, more: object = {}): Promise<Claim> {
    executor = await createSlurmExecutor({
      home: place.home,
      python: resolve(".venv/bin/python"),
      store: place.store,
      host: hostname(),
      settings: slurmExecutorSchema.parse({ kind: "slurm", gpus_per_job: 0, ...more }),
      environment: { ...process.env, ...cluster.environment },
      fixtureScripts: resolve("tests/fixtures/scripts"),
      patience: { refreshMs: 200, retryMs: 200, graceMs: 5000, stuckMs: 1000 },
    });
    attempt = await testAttempt(place, name, "sleep_until_told", { wallSeconds: 1800 });
    await executor.submit(attempt);
    await expect
      .poll(async () => await readFile(join(attempt.directory, "log.txt"), "utf8").catch(() => ""), patience)
      .toContain("sleeping");
    const claim = await readClaim(attempt.directory);
    if (claim === null) throw new Error("nobody claimed it");
    return claim;
  }

  async function expectNothingLeft(claim: Claim) {
    await expect.poll(async () => await isAlive(claim), patience).toBe(false);
    expect(existsSync(join(place.home, "models", attempt.request.key))).toBe(false);
    const before = await slurmSays();
    await executor.submit(attempt);
    expect(await slurmSays()).toBe(before);
  }

  it("at its time limit, the runner being too stuck to end by itself, has timed out", { timeout: 300_000 }, async () => {
    const claim = await start("late", { time: "00:01:00" });
    process.kill(claim.pid, "SIGSTOP");
    await expect.poll(async () => (await look())?.state, patience).toBe("failed");
    expect(await slurmSays()).toBe("TIMEOUT");
    expect(await readOutcome(attempt.directory, "lost", "")).toMatchObject({ outcome: "timeout", failure: "timeout", replies: {} });
    await expectNothingLeft(claim);
  });

  it("because its node is gone, is lost, and a runner that still lives there ends without a reply", { timeout: 300_000 }, async () => {
    const claim = await start("unseated");
    await slurm("scontrol", "update", "nodename=localhost", "state=down", "reason=a test");
    await expect.poll(async () => (await look())?.state, patience).toBe("lost");
    expect(await slurmSays()).toBe("NODE_FAIL");
    expect((await look())?.detail).toContain("NODE_FAIL");
    expect(await readOutcome(attempt.directory, "cancelled", "")).toMatchObject({ outcome: "lost", failure: "lost", replies: {} });
    await expectNothingLeft(claim);
  });

  it("for a more urgent one, is lost, so that it is tried again", { timeout: 300_000 }, async () => {
    const claim = await start("preempted");
    const urgent = ["--partition=urgent", `--ntasks=${cpus}`, "--output=/dev/null", "--wrap=true"];
    await slurm("sbatch", "--parsable", "--export=NIL", ...urgent);
    await expect.poll(async () => (await look())?.state, patience).toBe("lost");
    expect(await slurmSays()).toBe("PREEMPTED");
    expect((await look())?.detail).toContain("PREEMPTED");
    expect(await readOutcome(attempt.directory, "cancelled", "")).toMatchObject({ outcome: "lost", failure: "lost", replies: {} });
    await expectNothingLeft(claim);
  });
});
