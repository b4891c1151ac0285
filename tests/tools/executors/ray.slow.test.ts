import { hostname } from "node:os";
import { resolve } from "node:path";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { rayExecutorSchema } from "#src/config/engine-config.ts";
import { checkEngine } from "#tools/doctor/check-engine.ts";
import type { Executor } from "#tools/executors/executor.ts";
import { createRayExecutor } from "#tools/executors/ray/create-ray-executor.ts";
import { describeExecutor } from "../../conformance/executor.ts";

import { type RayCluster, startRay } from "../../engines/start-ray.ts";
import { testAttempt } from "../test-attempt.ts";
import { openTestHome, type TestHome } from "../test-home.ts";

let cluster: RayCluster;
beforeAll(async () => {
  cluster = await startRay({ cpus: 2, gpus: 2 });
});
afterAll(async () => {
  // Undefined when it could not be started, which has been told then.
  await cluster?.stop();
});

async function open(place: TestHome, more: object = {}) {
  return await createRayExecutor({
    home: place.home,
    python: resolve(".venv/bin/python"),
    store: place.store,
    host: hostname(),
    settings: rayExecutorSchema.parse({ kind: "ray", gpus_per_job: 0, address: cluster.address, ...more }),
    environment: { ...process.env, ...cluster.environment, OPENAI_API_KEY: "sk-planted", HF_TOKEN: "hf-planted" },
    fixtureScripts: resolve("tests/fixtures/scripts"),
    patience: { refreshMs: 200, retryMs: 200, graceMs: 5000, stuckMs: 1000 },
  });
}

describeExecutor("ray", {
  open,
  slots: 2,
  isAdoptable: true,
  patienceMs: 90_000,
  conductor: () => ({ executor: { kind: "ray", gpus_per_job: 0, address: cluster.address }, environment: {} }),
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
    settings: rayExecutorSchema.parse({ kind: "ray", address: cluster.address, ...more }),
    environment: process.env,
    waitSeconds: 240,
  });

describe("ray", () => {
  let place: TestHome;
  const opened: Executor[] = [];
  beforeEach(async () => {
    place = await openTestHome();
  });
  afterEach(async () => {
    for (const executor of opened.splice(0)) await executor.close();
    await place.remove();
  });

  it("attaches to the job that is there when its ticket is gone", async () => {
    const [first, second] = [await open(place), await open(place)];
    opened.push(first, second);
    const attempt = await testAttempt(place, "a", "work_a_little");
    await first.submit(attempt);
    await rm(join(attempt.directory, "engine.json"));
    await second.submit(attempt);
    await expect
      .poll(async () => (await second.status([attempt])).get(attempt.id)?.state, { timeout: 90_000, interval: 50 })
      .toBe("succeeded");
  });

  it("gives a job the GPUs that Ray gave it", async () => {
    const executor = await open(place, { gpus_per_job: 2 });
    opened.push(executor);
    const attempt = await testAttempt(place, "a", "environment");
    await executor.submit(attempt);
    await expect.poll(async () => (await executor.status([attempt])).get(attempt.id)?.state, { timeout: 90_000 }).toBe("succeeded");
    expect((await executor.logs(attempt, 0)).text).toMatch(/"CUDA_VISIBLE_DEVICES": "(0,1|1,0)"/);
  });

  it("is looked at by the doctor, through a probe", async () => {
    const found = async (more: object) => (await examine(place, more)).map(({ name, status }) => `${name} ${status}`);
    expect(await found({ gpus_per_job: 0 })).toEqual(["Ray ok", "probe ok", "Python there ok", "GPU there ok"]);
    expect(await examine(place, { gpus_per_job: 9 })).toMatchObject([
      { name: "Ray", status: "ok" },
      { name: "resources", status: "broken", detail: expect.stringContaining("9 GPU") },
    ]);
    expect(await found({ address: "http://127.0.0.1:9" })).toEqual(["Ray broken"]);
  });
});
