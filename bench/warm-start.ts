import { existsSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { hostname, loadavg } from "node:os";
import { join } from "node:path";
import { sftSettingSchema } from "#src/action/types/sft.ts";
import { CostModel } from "#src/budget/cost-model.ts";
import { runConfigSchema } from "#src/config/run-config.ts";
import type { PreparedObjects } from "#src/pool/prepared-objects.ts";
import { createRun } from "#src/service/create-run.ts";
import { openStore } from "#src/store/open-store.ts";
import { createLocalExecutor } from "#tools/executors/local/create-local-executor.ts";
import type { JobContext } from "#tools/job-context.ts";
import type { JobSpec } from "#tools/job-spec.ts";
import { attemptDirectory, stepDirectory } from "#tools/jobs/attempt-files.ts";
import { prepareObjects } from "#tools/prepare.ts";
import { runJob } from "#tools/run-job.ts";
import type { Bench } from "./bench.ts";

const targetSeconds = 0.3;

const config = runConfigSchema.parse({
  name: "warm-start",
  models: { base: { path: "tiny-world:S/base" } },
  datasets: { math: { path: "tiny-world:math", format: "prompt_completion" } },
  tasks: { math: { kind: "generate", path: "tiny-world:math", verifier: { kind: "exact", after: "#" }, max_new_tokens: 12 } },
  actions: { sft: {} },
});

/** A real training of a few steps; each number is another key, so nothing is answered from what is known. */
function training(run: string, prepared: PreparedObjects, number: number): JobSpec {
  const [model] = prepared.models;
  const [dataset] = prepared.datasets;
  const key = `${number}`.padStart(40, "0");
  const settings = sftSettingSchema.parse({ max_steps: 3, learning_rate: 1e-4, max_length: 64, warmup_steps: 0 });
  const inputs = {
    model: { key: model?.key, path: model?.path, adapters: [] },
    datasets: [{ key: dataset?.key, path: dataset?.path, format: dataset?.format, rows: dataset?.rows, weight: 1 }],
    fidelity: { data: 1, steps: 1 },
  };
  const step = { name: "train", script: "sft", key, seed: number, inputs, settings, publish: true, work: 1 } as const;
  return { run, trial: null, batch: null, key, actionType: "sft", purpose: "train", steps: [step] };
}

/** Seconds from asking for a job to its script's reply and to the answer, and the script's own time. */
interface Timing {
  replied: number;
  answered: number;
  script: number;
}

async function time(context: JobContext, spec: JobSpec): Promise<Timing> {
  const began = Date.now();
  const outcome = await runJob(context, spec);
  const answered = (Date.now() - began) / 1000;
  if (outcome.status !== "ok" || outcome.replies.train === undefined) throw new Error(`the training failed: ${JSON.stringify(outcome)}`);
  const reply = join(stepDirectory(attemptDirectory(context.home, outcome.attempts[0] ?? ""), "train"), "result.json");
  return { replied: ((await stat(reply)).mtimeMs - began) / 1000, answered, script: outcome.replies.train.wall_seconds };
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const round = (seconds: number) => Math.round(seconds * 1000) / 1000;

/**
 * A job's start: from asking for it until its script works with everything imported, which is when it replied less its
 * own work. That work is what the script takes in warm jobs, so a cold start counts its imports wherever they happen.
 */
export const bench: Bench = {
  name: "warm-start",
  describe: "start of a job, from the warm worker against cold",
  run: async ({ smoke, scratch, root, print }) => {
    const python = join(root, ".venv", "bin", "python");
    if (!existsSync(python)) return { value: null, unit: "s", target: `<= ${targetSeconds} s`, pass: null, details: { lacks: python } };
    await mkdir(scratch, { recursive: true });
    const store = await openStore({ home: scratch });
    const open = async (warm_worker: boolean): Promise<JobContext> => {
      const settings = { device: "cpu", warm_worker } as const;
      const executor = await createLocalExecutor({ home: scratch, python, store, host: hostname(), settings, workerIdleSeconds: 1 });
      const log = { info: () => {}, warn: (_: unknown, text: string) => print(text) };
      return { store, executor, home: scratch, costModel: new CostModel(), now: () => new Date(), log };
    };
    const [cold, warm] = [await open(false), await open(true)];
    try {
      const prepared = await prepareObjects(cold, config, { offline: true });
      const run = await createRun(store, { config, prepared, now: new Date() });
      let number = 0;
      const repeat = async (context: JobContext, times: number) => {
        const measured: Timing[] = [];
        for (let n = 0; n < times; n++) measured.push(await time(context, training(run.id, prepared, ++number)));
        return measured;
      };
      const [first] = await repeat(warm, 1);
      print(`first warm job, the worker's start included: ${round(first?.answered ?? 0)} s`);
      const warmTimes = await repeat(warm, smoke ? 3 : 15);
      const script = median(warmTimes.map((timing) => timing.script));
      const warmStart = median(warmTimes.map((timing) => timing.replied - timing.script));
      const rest = median(warmTimes.map(({ answered, script: own }) => answered - own)) - warmStart;
      print(`warm: ${round(warmStart)} s (then ${round(script)} s of work, and ${round(rest)} s to publish and to be seen)`);
      const coldStart = median((await repeat(cold, smoke ? 1 : 5)).map(({ replied }) => replied - script));
      print(`cold: ${round(coldStart)} s`);
      const details = {
        cold_seconds: round(coldStart),
        script_seconds: round(script),
        publish_and_notice_seconds: round(rest),
        worker_start_seconds: round(first?.answered ?? 0),
        load: round(loadavg()[0] ?? 0),
      };
      return { value: round(warmStart), unit: "s", target: `<= ${targetSeconds} s`, pass: warmStart <= targetSeconds, details };
    } finally {
      await cold.executor.close();
      await warm.executor.close();
      await store.close();
    }
  },
};
