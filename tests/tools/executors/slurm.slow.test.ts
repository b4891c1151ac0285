import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { slurmExecutorSchema } from "#src/config/engine-config.ts";
import { checkEngine } from "#tools/doctor/check-engine.ts";
import type { Executor } from "#tools/executors/executor.ts";
import { createSlurmEngine } from "#tools/executors/slurm/create-slurm-engine.ts";
import { createSlurmExecutor } from "#tools/executors/slurm/create-slurm-executor.ts";
import { describeExecutor } from "../../conformance/executor.ts";
import type { Cluster } from "../../engines/cluster.ts";
import { startSlurm } from "../../engines/start-slurm.ts";
import { testAttempt } from "../test-attempt.ts";
import { openTestHome, type TestHome } from "../test-home.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startSlurm({ cpus: 2, gpus: 2 });
});
afterAll(async () => {
  // Undefined when it could not be started, which has been told then.
  await cluster?.stop();
});

async function open(place: TestHome, more: object = {}) {
  return await createSlurmExecutor({
    home: place.home,
    python: resolve(".venv/bin/python"),
    store: place.store,
    host: hostname(),
    settings: slurmExecutorSchema.parse({ kind: "slurm", gpus_per_job: 0, ...more }),
    environment: { ...process.env, ...cluster.environment, OPENAI_API_KEY: "sk-planted", HF_TOKEN: "hf-planted" },
    fixtureScripts: resolve("tests/fixtures/scripts"),
    patience: { refreshMs: 200, retryMs: 200, graceMs: 5000, stuckMs: 1000 },
  });
}

describeExecutor("slurm", {
  open,
  slots: 2,
  isAdoptable: true,
  patienceMs: 90_000,
  conductor: () => ({ executor: { kind: "slurm", gpus_per_job: 0 }, environment: cluster.environment }),
  fullDisk: null,
  engine: {
    stopHead: async () => await cluster.stopHead(),
    killHead: async () => await cluster.killHead(),
    up: async () => await cluster.up(),
  },
});

const examine = async (place: TestHome, more: object) =>
  await checkEngine({
    home: place.home,
    python: resolve(".venv/bin/python"),
    settings: slurmExecutorSchema.parse({ kind: "slurm", ...more }),
    environment: { ...process.env, ...cluster.environment },
    waitSeconds: 240,
  });

describe("slurm", () => {
  let place: TestHome;
  let executor: Executor | null = null;
  beforeEach(async () => {
    place = await openTestHome();
  });
  afterEach(async () => {
    await executor?.close();
    executor = null;
    await place.remove();
  });

  /** Runs an attempt to wherever it gets under these settings. */
  async function endOf(more: object, behaviour: string = "ok", wallSeconds = 60) {
    executor = await open(place, more);
    const attempt = await testAttempt(place, "a", behaviour, { wallSeconds });
    await executor.submit(attempt);
    const look = async () => (await executor?.status([attempt]))?.get(attempt.id);
    await expect.poll(async () => (await look())?.state, { timeout: 90_000 }).toMatch(/succeeded|failed|lost|rejected/);
    return { ...(await look()), log: (await executor.logs(attempt, 0)).text };
  }

  it.each([
    [{ partition: "nope" }, 60, /sbatch refused it: .*invalid partition/i],
    [{ cpus_per_task: 64 }, 60, /PartitionConfig.*no node of the partition has what it asks for/],
    [{ partition: "short" }, 7200, /PartitionTimeLimit.*Set executor\.time/],
    [{ prolog: "module load nothing-of-this-name || exit 3" }, 60, /its runner could not start.*module: command not found/],
  ])("rejects %j and says why", async (more, wallSeconds, words) => {
    expect(await endOf(more, "ok", wallSeconds)).toMatchObject({ state: "rejected", detail: expect.stringMatching(words) });
  });

  it("gives a job the GPUs that Slurm gave it, and what the prolog loads", async () => {
    const more = { gpus_per_job: 2, prolog: "export LD_LIBRARY_PATH=/opt/of-the-prolog" };
    const { state, log } = await endOf(more, "environment");
    expect(state).toBe("succeeded");
    expect(log).toContain('"CUDA_VISIBLE_DEVICES": "0,1"');
    expect(log).toContain('"LD_LIBRARY_PATH": "/opt/of-the-prolog"');
  });

  it("is looked at by the doctor, through a probe", async () => {
    const found = async (more: object) => (await examine(place, more)).map(({ name, status }) => `${name} ${status}`);
    expect(await found({ gpus_per_job: 0 })).toEqual(["Slurm ok", "probe ok", "Python there ok", "GPU there ok"]);
    expect(await found({ partition: "nope" })).toEqual(["Slurm ok", "partition broken"]);
    expect(await found({ cpus_per_task: 64 })).toEqual(["Slurm ok", "probe broken"]);
    expect((await examine(place, { gpus_per_job: 0, python: "/nope/python" })).at(-1)).toMatchObject({
      status: "broken",
      detail: expect.stringContaining("/nope/python"),
      remedy: expect.stringContaining("executor.python"),
    });
  });

  // The last: a slurmctld that was killed gives ids again, and the next job may end before it begins.
  it("has Slurm end what ended while slurmctld was dead", async () => {
    executor = await open(place);
    const attempt = await testAttempt(place, "a", "nap 3");
    await executor.submit(attempt);
    const look = async () => (await executor?.status([attempt]))?.get(attempt.id)?.state;
    await expect.poll(look, { timeout: 60_000 }).toBe("running");
    await cluster.killHead();
    await expect.poll(() => existsSync(join(attempt.directory, "exit.json")), { timeout: 30_000 }).toBe(true);
    await cluster.up();
    await expect.poll(look, { timeout: 60_000 }).toBe("succeeded");
    await executor.close();
    const engine = createSlurmEngine(slurmExecutorSchema.parse({ kind: "slurm" }), { ...process.env, ...cluster.environment });
    await expect.poll(async () => await engine.liveBelow(dirname(attempt.directory)), { timeout: 30_000 }).toEqual([]);
  });
});
