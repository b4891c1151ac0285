import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { testAttempt } from "#tests/tools/test-attempt.ts";
import { openTestHome, type TestHome } from "#tests/tools/test-home.ts";
import type { Attempt, Executor } from "#tools/executors/executor.ts";
import { readExit } from "#tools/jobs/attempt-files.ts";
import type { Bench } from "./bench.ts";
import { bareRay, bareScript, bareSlurm } from "./engines/bare-loop.ts";
import { withClusters } from "./engines/clusters.ts";
import { BenchExecutors } from "./engines/open-executors.ts";

const localTarget = 0.1;
const engineTarget = 0.5;

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const round = (seconds: number) => Math.round(seconds * 1000) / 1000;

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** Submits and looks as often as whoever follows a job does. */
async function submitAndSee(executor: Executor, attempt: Attempt): Promise<void> {
  const began = performance.now();
  await executor.submit(attempt);
  for (;;) {
    const { state = "unknown", detail = "" } = (await executor.status([attempt])).get(attempt.id) ?? {};
    if (state === "succeeded") return;
    if (state !== "queued" && state !== "running") throw new Error(`${attempt.id} is ${state}: ${detail}`);
    await sleep(Math.min(2000, Math.max(10, (performance.now() - began) * 0.03)));
  }
}

/** Medians of ours and of the bare loop, taken in turns: load that comes and goes meets both. */
async function inTurns(times: number, ours: (n: number) => Promise<void>, bare: (n: number) => Promise<void>) {
  const measured = { ours: [] as number[], bare: [] as number[] };
  for (let n = 0; n < times; n++) {
    measured.bare.push(await secondsOf(async () => await bare(n)));
    measured.ours.push(await secondsOf(async () => await ours(n)));
  }
  return { ours: median(measured.ours), bare: median(measured.bare) };
}

/** What stands between asking for a job and seeing its end, apart from the job. */
export const bench: Bench = {
  name: "engine-overhead",
  describe: "submit → seen finished: local beyond the job's own time, Slurm and Ray beyond a bare loop on the same engine",
  run: async ({ smoke, root, print }) =>
    await withClusters(
      { cpus: 2, gpus: 2 },
      { unit: "s", target: `local <= ${localTarget} s; Slurm and Ray <= ${engineTarget} s beyond a bare loop in the same run` },
      async (clusters) => {
        const times = smoke ? 3 : 25;
        const place: TestHome = await openTestHome();
        const executors = new BenchExecutors(place, root);
        try {
          let number = 0;
          const next = async () => await testAttempt(place, `job ${++number}`);
          const local = await executors.local(2);
          await submitAndSee(local, await next());
          const own: number[] = [];
          for (let n = 0; n < times; n++) {
            const attempt = await next();
            const all = await secondsOf(async () => await submitAndSee(local, attempt));
            const exit = await readExit(attempt.directory);
            own.push(all - ((exit?.ended_at ?? 0) - (exit?.started_at ?? 0)));
          }
          const localOverhead = median(own);
          print(`local: ${round(localOverhead)} s`);

          const { environment } = await clusters.slurm();
          const onSlurm = await executors.slurm(environment, 0);
          const device = onSlurm.device;
          const slurm = await inTurns(
            times,
            async () => await submitAndSee(onSlurm, await next()),
            async () => await bareSlurm(await bareScript(await next(), place, root, device), environment, []),
          );
          print(`Slurm: ${round(slurm.ours)} s, bare loop ${round(slurm.bare)} s`);

          const { address } = await clusters.ray();
          const onRay = await executors.ray(address);
          const ray = await inTurns(
            times,
            async () => await submitAndSee(onRay, await next()),
            async (n) => await bareRay(await bareScript(await next(), place, root, device), address, `bare-${n}`),
          );
          print(`Ray: ${round(ray.ours)} s, bare loop ${round(ray.bare)} s`);
          const beyond = { slurm: slurm.ours - slurm.bare, ray: ray.ours - ray.bare };
          return {
            value: round(localOverhead),
            pass: localOverhead <= localTarget && beyond.slurm <= engineTarget && beyond.ray <= engineTarget,
            details: {
              jobs_each: times,
              local_seconds: round(localOverhead),
              slurm_seconds: round(slurm.ours),
              slurm_bare_seconds: round(slurm.bare),
              slurm_beyond_seconds: round(beyond.slurm),
              ray_seconds: round(ray.ours),
              ray_bare_seconds: round(ray.bare),
              ray_beyond_seconds: round(beyond.ray),
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
