import { hostname } from "node:os";
import { resolve } from "node:path";
import { afterEach, expect, it } from "vitest";
import { rayExecutorSchema, slurmExecutorSchema } from "#src/config/engine-config.ts";
import type { Executor } from "#tools/executors/executor.ts";
import { createRayExecutor } from "#tools/executors/ray/create-ray-executor.ts";
import { createSlurmExecutor } from "#tools/executors/slurm/create-slurm-executor.ts";
import { testAttempt } from "../tools/test-attempt.ts";
import { openTestHome, type TestHome } from "../tools/test-home.ts";
import { engineMissing } from "./engine-missing.ts";
import { startRay } from "./start-ray.ts";
import { startSlurm } from "./start-slurm.ts";

const size = { cpus: 2, gpus: 2 };
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
}, 120_000);

async function shared() {
  const place: TestHome = await openTestHome();
  cleanups.push(async () => await place.remove());
  const python = resolve(".venv/bin/python");
  const options = { home: place.home, python, store: place.store, host: hostname(), fixtureScripts: resolve("tests/fixtures/scripts") };
  return { place, options };
}

async function expectToRun(place: TestHome, executor: Executor) {
  cleanups.push(async () => await executor.close());
  const attempt = await testAttempt(place, "a");
  await executor.submit(attempt);
  await expect
    .poll(async () => (await executor.status([attempt])).get(attempt.id)?.state, { timeout: 120_000, interval: 20 })
    .toBe("succeeded");
}

const noSlurm = engineMissing("slurm");
it.skipIf(noSlurm !== null)(`runs an attempt on a real Slurm${noSlurm === null ? "" : `: ${noSlurm}`}`, { timeout: 300_000 }, async () => {
  const cluster = await startSlurm(size);
  cleanups.push(async () => await cluster.stop());
  const { place, options } = await shared();
  const settings = slurmExecutorSchema.parse({ kind: "slurm", gpus_per_job: 0 });
  await expectToRun(place, await createSlurmExecutor({ ...options, settings, environment: { ...process.env, ...cluster.environment } }));
});

const noRay = engineMissing("ray");
it.skipIf(noRay !== null)(`runs an attempt on a real Ray${noRay === null ? "" : `: ${noRay}`}`, { timeout: 600_000 }, async () => {
  const cluster = await startRay(size);
  cleanups.push(async () => await cluster.stop());
  const { place, options } = await shared();
  const settings = rayExecutorSchema.parse({ kind: "ray", gpus_per_job: 0, address: cluster.address });
  await expectToRun(place, await createRayExecutor({ ...options, settings }));
});
