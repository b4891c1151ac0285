import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { actionTypes } from "#src/action/action-types.ts";
import { EnvironmentError } from "#src/errors.ts";
import type { OutcomesByTask } from "#src/score/compare.ts";
import { degenerateAnswers } from "#src/score/degenerate.ts";
import { didItLearn } from "#src/score/did-it-learn.ts";
import type { Evaluation } from "#src/score/evaluation.ts";
import { collapsedAnswers } from "#src/score/length-collapse.ts";
import { readEvaluation } from "#src/service/record-evaluation.ts";
import type { modelRefSchema } from "#tools/contract/common.ts";
import { contractSchemas } from "#tools/contract/schemas.ts";
import type { PrepareInputs } from "#tools/prepare/prepare-inputs.ts";
import type { Lab, LabAnswer } from "#tools/lab/lab.ts";
import type { Training } from "./trainings.ts";

const preparedSchema = contractSchemas["prepare.reply"].options[0].shape.metrics;
const trainedSchema = contractSchemas["sft.reply"].options[0].shape.metrics;
const evaluatedSchema = contractSchemas["evaluate.reply"].options[0].shape.metrics;

/** A model as a request names it. */
type Reference = z.infer<typeof modelRefSchema>;

const tasksOf = { base: ["math", "trivia", "common"], instruct: ["instr", "tool"] } as const;
const itemsPerTask = 200;

/** The settings of `examples/three-skills.yaml` and `examples/tool-use.yaml`. */
const shared = { learning_rate: 1e-3, lr_scheduler_type: "cosine", warmup_steps: 10, adam_beta2: 0.98, max_length: 64 } as const;
const usual: Readonly<Record<Training["method"], Record<string, string | number>>> = {
  sft: { ...shared, max_steps: 80, per_device_train_batch_size: 32 },
  dpo: { ...shared, max_steps: 40, per_device_train_batch_size: 16, beta: 0.1, sft_weight: 0.5 },
  kto: { ...shared, max_steps: 40, per_device_train_batch_size: 16 },
  orpo: { ...shared, max_steps: 40, per_device_train_batch_size: 16 },
};

export interface Alarms {
  /** Why the training failed or did not learn; null when it learnt. */
  learning: string | null;
  /** What is broken in its model's answers, on tasks that it was not trained for too. */
  answers: string[];
}

const source = (path: string) => ({ path: `tiny-world:${path}`, revision: null });

interface Evaluated {
  outcomes: OutcomesByTask;
  evaluations: Evaluation[];
}

/** Trains, evaluates and asks every gate, as a trial does. */
export class TrainingJudge {
  readonly #lab: Lab;
  readonly #directory: string;
  readonly #prepared: z.infer<typeof preparedSchema>;
  readonly #parents = new Map<string, Promise<Evaluated>>();

  private constructor(lab: Lab, directory: string, prepared: z.infer<typeof preparedSchema>) {
    this.#lab = lab;
    this.#directory = directory;
    this.#prepared = prepared;
  }

  static async open(lab: Lab, directory: string, trainings: readonly Training[]): Promise<TrainingJudge> {
    mkdirSync(directory, { recursive: true });
    const sets = new Set(trainings.flatMap(({ data }) => data).filter((set) => typeof set === "string"));
    const inputs: PrepareInputs = {
      cache_dir: join(directory, "cache"),
      models: [...new Set(trainings.map(({ start }) => start))].map((id) => ({ id, source: source(`S/${id}`) })),
      datasets: [...sets].map((id) => {
        return { id, source: source(id), split: null, format: "auto", columns: {}, on_bad_rows: "fail" };
      }),
      tasks: Object.values(tasksOf)
        .flat()
        .map((id) => ({
          id,
          kind: "generate",
          source: source(id),
          split: null,
          columns: {},
          verifier: { kind: "exact", after: "#" },
          max_new_tokens: 12,
          few_shot: 0,
          task: null,
          include_path: null,
          items: { search: itemsPerTask, confirm: itemsPerTask, final: itemsPerTask },
        })),
      offline: true,
    };
    const output = join(directory, "scratch");
    const answer = await lab.run({ script: "prepare", key: "prepare", seed: 0, inputs, settings: {}, output });
    return new TrainingJudge(lab, directory, preparedSchema.parse(metricsOf(answer)));
  }

  /** What the gates say against a training and its model. */
  async alarms(training: Training): Promise<Alarms> {
    const directory = join(this.#directory, training.name.replaceAll(/[^a-z0-9]+/gi, "-"));
    mkdirSync(directory, { recursive: true });
    const answer = await this.#train(training, directory);
    if (answer.status === "failed") return { learning: `failed, ${answer.reason}: ${answer.detail}`, answers: [] };
    const metrics = trainedSchema.parse(answer.metrics);
    const parent = this.#model(training.start);
    const child =
      metrics.form === "adapter"
        ? { key: training.name, path: parent.path, adapters: [join(directory, "model")] }
        : { key: training.name, path: join(directory, "model"), adapters: [] };
    const before = await this.#parent(training.start);
    const after = await this.#evaluate(child, training.start, join(directory, "evaluation"));
    const { learnt, reason } = didItLearn({
      weightChange: metrics.weight_change,
      lossFirst: metrics.train_loss_first,
      lossLast: metrics.train_loss_last,
      childOutcomes: after.outcomes,
      parentOutcomes: before.outcomes,
    });
    return {
      learning: learnt ? null : reason,
      answers: [...degenerateAnswers(after.evaluations), ...collapsedAnswers(after.evaluations, [before.evaluations])],
    };
  }

  #train({ method, start, data, settings }: Training, directory: string): Promise<LabAnswer> {
    const datasets = this.#datasets(data, directory);
    const chosen = actionTypes[method].settingSchema.parse({ ...usual[method], ...settings });
    const model = this.#model(start);
    const fidelity = { data: 1, steps: 1 };
    const own =
      method === "sft"
        ? { script: "sft" as const, inputs: { model, datasets, fidelity }, settings: chosen }
        : { script: "preference" as const, inputs: { model, dataset: datasets[0], fidelity }, settings: { ...chosen, method } };
    return this.#lab.run({ ...own, key: "training", seed: 0, output: join(directory, "model") });
  }

  #datasets(data: Training["data"], directory: string) {
    const rows = data.filter((each) => typeof each !== "string");
    const [first] = rows;
    if (first === undefined) {
      return data.map((id) => {
        const found = this.#prepared.datasets.find((dataset) => dataset.id === id);
        if (found === undefined) throw new EnvironmentError(`The tiny world has no such set.`);
        return { key: found.key, path: found.path, format: found.format, rows: found.rows, weight: 1 };
      });
    }
    const path = join(directory, "rows.jsonl");
    writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    return [{ key: "own", path, format: "chosen" in first ? "preference" : "prompt_completion", rows: rows.length, weight: 1 }];
  }

  #model(id: string): Reference {
    const found = this.#prepared.models.find((model) => model.id === id);
    if (found === undefined) throw new EnvironmentError(`The tiny world has no model ${id}.`);
    return { key: found.key, path: found.path, adapters: [] };
  }

  #parent(start: Training["start"]): Promise<Evaluated> {
    const known = this.#parents.get(start) ?? this.#evaluate(this.#model(start), start, join(this.#directory, `parent-${start}`));
    this.#parents.set(start, known);
    return known;
  }

  async #evaluate(model: Reference, start: Training["start"], output: string): Promise<Evaluated> {
    const names: readonly string[] = tasksOf[start];
    const tasks = this.#prepared.tasks.filter(({ id }) => names.includes(id));
    const asked = tasks.map(({ id, key, path }) => ({
      kind: "generate",
      id,
      key,
      items_path: join(path, "search.jsonl"),
      verifier: { kind: "exact", after: "#" },
      max_new_tokens: 12,
      few_shot: 0,
      few_shot_path: null,
      chat_template: true,
      batch_size: itemsPerTask,
    }));
    const inputs = { model, split: "search", tasks: asked };
    const answer = await this.#lab.run({ script: "evaluate", key: "evaluation", seed: 0, inputs, settings: {}, output });
    const results = evaluatedSchema.parse(metricsOf(answer)).tasks.map((result) => {
      const task = { id: result.id, key: result.key };
      return readEvaluation({ modelKey: model.key, task, split: "search", result });
    });
    return {
      outcomes: new Map(results.map(({ evaluation, outcomes }) => [evaluation.task, outcomes.strict])),
      evaluations: results.map(({ evaluation }) => evaluation),
    };
  }
}

function metricsOf(answer: LabAnswer): unknown {
  if (answer.status === "failed") throw new EnvironmentError(`The tiny world failed, ${answer.reason}: ${answer.detail}`);
  return answer.metrics;
}
