import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Action } from "#src/action/action.ts";
import { actionKey, keyOfTask } from "#src/action/key.ts";
import { loadRunConfig } from "#src/config/load-run-config.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import { EnvironmentError } from "#src/errors.ts";
import type { TaskScores } from "#src/policy/policy.ts";
import type { PoolDataset, PoolModel, RegisteredTask, Split } from "#src/pool/objects.ts";
import type { Run } from "#src/store/store.ts";
import { buildTrainJob } from "#tools/build-train-job.ts";
import { contractSchemas } from "#tools/contract/schemas.ts";
import { evaluateStep } from "#tools/evaluate-step.ts";
import { prepareInputs } from "#tools/prepare/prepare-inputs.ts";
import { writeWorldConfig } from "../temper/world-config.ts";
import type { Lab } from "./lab.ts";
import type { Made, SearchWorld } from "./search-world.ts";

const preparedSchema = contractSchemas["prepare.reply"].options[0].shape.metrics;
const evaluatedSchema = contractSchemas["evaluate.reply"].options[0].shape.metrics;
const keptSchema = z.union([z.strictObject({ scores: z.record(z.string(), z.number()) }), z.strictObject({ failed: z.string() })]);
type Kept = z.infer<typeof keptSchema>;

export interface TinyWorldOptions {
  root: string;
  /** Where models and results are kept by key, so that every arm shares them. */
  cache: string;
  /** `three-skills.yaml`. */
  example: string;
  /** Number of the data draw; also the seed of every training. */
  world: number;
  lab: Lab;
}

/**
 * The tiny world with real trainings, merges and evaluations by the scripts that runs use, under the keys that runs use.
 * @throws EnvironmentError when it cannot be read.
 */
export async function openTinyWorld({ root, cache, example, world, lab }: TinyWorldOptions): Promise<TinyWorld> {
  const name = `${example.replace(/\.yaml$/, "")}-world-${world}`;
  const directory = join(cache, "configs");
  mkdirSync(directory, { recursive: true });
  const variant = { name, world, seed: world, lanes: 1, trials: 40, more: { baselines: false } };
  const config = await loadRunConfig(writeWorldConfig({ root, example, directory }, variant));
  const inputs = prepareInputs(config, cache, true);
  const answer = await lab.run({ script: "prepare", key: "prepare", seed: 0, inputs, settings: {}, output: join(cache, "scratch", name) });
  if (answer.status === "failed") throw new EnvironmentError(`The tiny world could not be read: ${answer.detail}`);
  return new TinyWorld({ cache, world, lab, config, prepared: preparedSchema.parse(answer.metrics) });
}

interface Parts {
  cache: string;
  world: number;
  lab: Lab;
  config: RunConfig;
  prepared: z.infer<typeof preparedSchema>;
}

/** A world of real trainings. One object serves several arms at once. */
export class TinyWorld implements SearchWorld {
  readonly config: RunConfig;
  readonly base: PoolModel;
  readonly datasets: PoolDataset[];
  readonly #run: Run;
  readonly #parts: Parts;
  /** What is being made now, by key: two arms that want the same wait for one training. */
  readonly #underWay = new Map<string, Promise<Kept>>();

  constructor(parts: Parts) {
    const { config, prepared, world } = parts;
    this.#parts = parts;
    this.config = config;
    const [model] = prepared.models;
    if (model === undefined) throw new EnvironmentError("The tiny world's config names no model.");
    const { key, path, compatibility, parameters, form } = model;
    const own = { kind: "model", id: "m0", name: model.id, trial: null, base: "m0", depth: 0 } as const;
    this.base = { ...own, parents: [], key, path, compatibility, parameters, form };
    this.datasets = prepared.datasets.map(({ id, key: content, format, rows, mean_tokens: meanTokens, path: file }) => {
      return { kind: "dataset", id, key: content, format, rows, meanTokens, path: file };
    });
    const tasks = prepared.tasks.map(({ id, key: registered, items, majority, path: items_path }): RegisteredTask => {
      return { id, key: keyOfTask(registered, config.tasks[id]), kind: "generate", items, path: items_path, maximum: 1, majority };
    });
    const name = config.name;
    const state = { state: "running", stateReason: "benchmark", endedAt: null, finalOpenedAt: null } as const;
    this.#run = { id: name, name, config, tasks, seed: world, createdAt: new Date(0).toISOString(), ...state };
  }

  scoreBase(): Promise<TaskScores> {
    return this.#evaluate(this.base, "search");
  }

  openFinal(model: PoolModel): Promise<TaskScores> {
    return this.#evaluate(model, "final");
  }

  async make(chosen: Action, models: ReadonlyMap<string, PoolModel>): Promise<Made> {
    const action = { ...chosen, seed: this.#parts.world };
    const datasets = new Map(this.datasets.map((dataset) => [dataset.id, dataset]));
    const key = actionKey(action, { models, datasets });
    const path = join(this.#parts.cache, "models", key);
    const known = await this.#once(key, () => this.#train(action, key, path, { models, datasets }));
    return "failed" in known ? { kind: "failed", reason: known.failed } : { kind: "made", key, path, scores: known.scores };
  }

  async #train(
    action: Action,
    key: string,
    path: string,
    { models, datasets }: { models: ReadonlyMap<string, PoolModel>; datasets: ReadonlyMap<string, PoolDataset> },
  ): Promise<Kept> {
    const view = { run: this.#run, modelsById: models, datasetsById: datasets };
    const [step] = buildTrainJob(view, { number: 1, action, key }).steps;
    if (step === undefined) throw new RangeError("a job has steps");
    const aside = `${path}.${randomUUID()}`;
    const { script, seed, inputs, settings } = step;
    const answer = await this.#parts.lab.run({ script, key, seed, inputs, settings, output: aside });
    if (answer.status === "failed") return { failed: answer.reason };
    rmSync(path, { recursive: true, force: true });
    renameSync(aside, path);
    return this.#outcome({ ...this.base, id: "child", key, path }, "search");
  }

  async #evaluate(model: PoolModel, split: Split): Promise<TaskScores> {
    const kept = await this.#outcome(model, split);
    if ("failed" in kept) throw new EnvironmentError(`A model of the tiny world could not be evaluated: ${kept.failed}`);
    return kept.scores;
  }

  #outcome(model: PoolModel, split: Split): Promise<Kept> {
    const step = evaluateStep(this.#run, { key: model.key, path: model.path, adapters: [] }, model.parameters, split);
    return this.#once(step.key, async () => {
      const output = join(this.#parts.cache, "scratch", randomUUID());
      const { key, seed, inputs, settings } = step;
      const answer = await this.#parts.lab.run({ script: "evaluate", key, seed, inputs, settings, output });
      rmSync(output, { recursive: true, force: true });
      if (answer.status === "failed") return { failed: answer.reason };
      const { tasks } = evaluatedSchema.parse(answer.metrics);
      return {
        scores: Object.fromEntries(tasks.map(({ id, strict, items }) => [id, strict.reduce((sum, each) => sum + each, 0) / items])),
      };
    });
  }

  /** Answers from what is kept, waits for who makes it, or makes it. */
  #once(key: string, make: () => Promise<Kept>): Promise<Kept> {
    const file = join(this.#parts.cache, "results", `${key}.json`);
    const running = this.#underWay.get(key);
    if (running !== undefined) return running;
    const work = async () => {
      if (existsSync(file)) return keptSchema.parse(JSON.parse(readFileSync(file, "utf8")));
      const made = await make();
      mkdirSync(join(this.#parts.cache, "results"), { recursive: true });
      const aside = `${file}.${randomUUID()}`;
      writeFileSync(aside, JSON.stringify(made));
      renameSync(aside, file);
      return made;
    };
    const started = work().finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, started);
    return started;
  }
}
