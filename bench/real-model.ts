import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Measured } from "#src/score/evaluation.ts";
import type { Bench, BenchContext } from "./bench.ts";
import { directoryMib } from "./real-model/directory-mib.ts";
import { type ModelFacts, readRun, type TrialFacts } from "./real-model/read-run.ts";
import { type RealModelPlan, writeRealModelConfig } from "./real-model/write-config.ts";
import { writeTinyData } from "./real-model/write-tiny-data.ts";
import { type Wording, writeWordProblems } from "./real-model/write-word-problems.ts";
import { runTemper } from "./temper/run-temper.ts";

const target = ">= 6 trials with LoRA SFT, DPO and a merge of two fine-tuned models; every training learnt";
const leastTrials = 6;

type Size = Pick<RealModelPlan, "items" | "maxNewTokens" | "sft" | "dpo" | "trials">;

/**
 * Few steps on short rows: a training of a 135M model takes minutes of a core. Five chosen trials are a stretch of the
 * planner, which does not end before each kind of training was tried: DPO is among them.
 */
const realSize: Size = {
  items: 30,
  maxNewTokens: 96,
  // Rows of gsm8k have 220 tokens on average: a shorter limit cuts their ends off, and with them the mark to stop.
  sft: { max_steps: 16, per_device_train_batch_size: 2, max_length: 320 },
  dpo: { max_steps: 8, per_device_train_batch_size: 2, max_length: 160 },
  trials: 5,
};
const tinySize: Size = {
  items: 20,
  maxNewTokens: 16,
  sft: { max_steps: 60, learning_rate: 0.003, max_length: 64 },
  dpo: { max_steps: 30, learning_rate: 0.001, max_length: 64 },
  trials: 5,
};
const realWording: Wording = { instruction: "\nGive the calculation in one line, then #### and the result.", mark: "####" };
/** The tiny world's models know no other words. */
const tinyWording: Wording = { instruction: "", mark: "#" };

/** The material: one's own, or the tiny world's in the short form. */
function planRun({ smoke, options, scratch }: BenchContext): RealModelPlan | null {
  const work = join(scratch, "data");
  mkdirSync(work, { recursive: true });
  if (smoke) writeTinyData(work);
  const model = smoke ? "tiny-world:S/base" : options.model;
  const data = smoke ? work : options.data;
  if (model === null || data === null) return null;
  const { training, oneStep, twoStep } = writeWordProblems(join(resolve(data), "mawps"), work, smoke ? tinyWording : realWording);
  return {
    ...(smoke ? tinySize : realSize),
    name: "word-problems",
    model: smoke ? model : resolve(model),
    mark: smoke ? tinyWording.mark : realWording.mark,
    datasets: {
      gsm8k: join(resolve(data), "gsm8k/train.jsonl"),
      mawps: training,
      helpful: join(resolve(data), "llama-factory/dpo_en_demo.json"),
    },
    tasks: { one_step: oneStep, two_step: twoStep },
  };
}

/** A merge whose parents were all trained in this run. */
function mergesTrained({ family, parents }: TrialFacts, trials: readonly TrialFacts[]): boolean {
  return family === "merge" && parents.length >= 2 && parents.every((parent) => trials.some(({ model }) => model === parent));
}

const formatMeasured = ({ mean, low, high }: Measured) => `${mean.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;

function formatModel({ model, made, tasks }: ModelFacts): string {
  const scores = tasks.map(
    ({ task, strict, lenient, majority, hitTokenLimit }) =>
      `  ${task}: strict ${formatMeasured(strict)}, lenient ${formatMeasured(lenient)}, majority answer ${majority.toFixed(2)}, cut ${hitTokenLimit.toFixed(2)}`,
  );
  return [`${model}, ${made}`, ...scores].join("\n");
}

/** A real model with real data through the command line, on this machine. */
export const bench: Bench = {
  name: "real-model",
  describe: "a small real model with real data (--model DIR --data DIR): LoRA SFT, DPO and merges through the command line",
  async run(context) {
    const { root, scratch, print } = context;
    const plan = planRun(context);
    if (plan === null) {
      const lacks = "a model and data: --model DIR (Hugging Face layout) --data DIR (gsm8k/, mawps/ and llama-factory/)";
      print(`Not run. It needs ${lacks}.`);
      return { value: null, unit: "trials", target, pass: null, details: { lacks } };
    }
    const file = writeRealModelConfig(root, scratch, plan);
    const home = join(scratch, "home");
    const { seconds, stdout, exitCode } = await runTemper({ root, args: ["start", file, "--home", home, "--yes", "--offline"], print });
    const { trials, models } = await readRun(home);
    if (exitCode !== 0) print(stdout);
    for (const model of models) print(formatModel(model));
    const trained = trials.filter(({ family }) => family !== "merge");
    const has = (family: TrialFacts["family"]) => trained.some((trial) => trial.family === family && trial.failure === null);
    const pass =
      exitCode === 0 &&
      trials.length >= leastTrials &&
      trials.every(({ failure }) => failure === null) &&
      has("sft") &&
      has("preference") &&
      trials.some((trial) => mergesTrained(trial, trials)) &&
      trained.every(({ learnt }) => learnt === true) &&
      models.every(({ tasks }) => tasks.length === 2);
    return {
      value: trials.length,
      unit: "trials",
      target,
      pass,
      details: {
        wallSeconds: Math.round(seconds),
        peakMemoryMib: Math.max(...trials.map(({ peakMemoryMib }) => peakMemoryMib)),
        diskMib: directoryMib(home),
        trials: trials.map((trial) => ({ ...trial })),
        models: models.map((model) => ({
          ...model,
          tasks: model.tasks.map((task) => ({ ...task, strict: { ...task.strict }, lenient: { ...task.lenient } })),
        })),
      },
    };
  },
};
