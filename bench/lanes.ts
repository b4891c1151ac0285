import { loadavg } from "node:os";
import { testAttempt } from "#tests/tools/test-attempt.ts";
import { openTestHome, type TestHome, testKey, trainStep } from "#tests/tools/test-home.ts";
import type { Executor } from "#tools/executors/executor.ts";
import { runJob } from "#tools/run-job.ts";
import type { Bench } from "./bench.ts";
import { bareScript, bareSlurm } from "./engines/bare-loop.ts";
import { withClusters } from "./engines/clusters.ts";
import { BenchExecutors } from "./engines/open-executors.ts";

const lanes = 8;
const targetShare = 0.95;

const round = (value: number) => Math.round(value * 1000) / 1000;

/** Seconds that `count` jobs take when `lanes` of them are always under way. */
async function throughLanes(count: number, job: (n: number) => Promise<void>): Promise<number> {
  const began = performance.now();
  let next = 0;
  const lane = async () => {
    while (next < count) await job(next++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return (performance.now() - began) / 1000;
}

/** A job that sleeps, from admission to the settled row, as a trial's is. */
async function sleepThrough(place: TestHome, executor: Executor, name: string, napSeconds: number): Promise<void> {
  const key = testKey(name);
  const spec = { run: "r1", trial: null, batch: null, key, actionType: "sft", purpose: "train" } as const;
  const outcome = await runJob(place.context(executor), { ...spec, steps: [trainStep(key, `nap ${napSeconds}`)] });
  if (outcome.status !== "ok") throw new Error(`${name}: ${JSON.stringify(outcome)}`);
}

/** How near eight lanes come to eight times one. */
export const bench: Bench = {
  name: "lanes",
  describe: "8 lanes of sleeping jobs: throughput locally against the ideal, on Slurm against a bare sbatch/squeue loop",
  run: async ({ smoke, root, print }) =>
    await withClusters(
      { cpus: 16, gpus: lanes },
      { unit: "share", target: `>= ${targetShare} of the ideal locally, and of a bare sbatch/squeue loop on Slurm in the same run` },
      async (clusters) => {
        const [napSeconds, count] = smoke ? [3, 16] : [30, 40];
        const ideal = (count * napSeconds) / lanes;
        const place: TestHome = await openTestHome({
          approval: {
            over: {},
            expires_hours: 1,
            on_expiry: "skip",
            max_pending: 4,
            requester_may_approve_alone: true,
            remind_hours: 0,
            on_time_limit: "ask",
          },
        });
        const executors = new BenchExecutors(place, root);
        try {
          const local = await executors.local(lanes);
          await sleepThrough(place, local, "warm-up", 0);
          const localSeconds = await throughLanes(count, async (n) => await sleepThrough(place, local, `local ${n}`, napSeconds));
          print(`local: ${count} jobs of ${napSeconds} s in ${round(localSeconds)} s; the ideal is ${ideal} s`);
          const { environment } = await clusters.slurm();
          const slurm = await executors.slurm(environment, 1);
          const bareSeconds = await throughLanes(count, async (n) => {
            const attempt = await testAttempt(place, `bare ${n}`, `nap ${napSeconds}`, { wallSeconds: 600, steps: ["train"] });
            await bareSlurm(await bareScript(attempt, place, root, slurm.device), environment, [
              "--gres=gpu:1",
              `--job-name=${attempt.id}`,
            ]);
          });
          print(`Slurm, bare loop: ${round(bareSeconds)} s`);
          const slurmSeconds = await throughLanes(count, async (n) => await sleepThrough(place, slurm, `slurm ${n}`, napSeconds));
          print(`Slurm: ${round(slurmSeconds)} s`);
          const [localShare, slurmShare] = [ideal / localSeconds, bareSeconds / slurmSeconds];
          // Starting a job takes as long for a short one as for a long one: the short form shows that it works, no more.
          const target = smoke ? 0.3 : targetShare;
          return {
            value: round(Math.min(localShare, slurmShare)),
            pass: localShare >= target && slurmShare >= target,
            details: {
              lanes,
              jobs: count,
              job_seconds: napSeconds,
              ideal_seconds: ideal,
              local_seconds: round(localSeconds),
              local_share: round(localShare),
              slurm_seconds: round(slurmSeconds),
              slurm_bare_seconds: round(bareSeconds),
              slurm_share_of_bare: round(slurmShare),
              load: round(loadavg()[0] ?? 0),
            },
          };
        } finally {
          await executors.close();
          await place.remove();
        }
      },
    ),
};
