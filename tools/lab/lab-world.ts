import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Action, isMerge } from "#src/action/action.ts";
import { actionKey } from "#src/action/key.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import { ConfigError, EnvironmentError } from "#src/errors.ts";
import type { TaskScores } from "#src/policy/policy.ts";
import { childModel } from "#src/pool/child-model.ts";
import type { PoolDataset, PoolModel, Split } from "#src/pool/objects.ts";
import { judgeOverlaps } from "#src/pool/overlap-gate.ts";
import { normaliseScores, taskWeights } from "#src/score/aggregate.ts";
import type { Made, SearchWorld } from "#src/search/search-world.ts";
import { registerObjects, type RegisteredObjects } from "#src/service/register-objects.ts";
import type { Run } from "#src/store/store.ts";
import { buildTrainJob } from "../build-train-job.ts";
import { contractSchemas } from "../contract/schemas.ts";
import { evaluateStep } from "../evaluate-step.ts";
import { modelRef } from "../model-ref.ts";
import { prepareInputs } from "../prepare/prepare-inputs.ts";
import type { Lab } from "./lab.ts";

const preparedSchema = contractSchemas["prepare.reply"].options[0].shape.metrics;
const evaluatedSchema = contractSchemas["evaluate.reply"].options[0].shape.metrics;
const keptSchema = z.union([z.strictObject({ scores: z.record(z.string(), z.number()) }), z.strictObject({ failed: z.string() })]);
type Kept = z.infer<typeof keptSchema>;

export interface LabWorldOptions {
  /** Where models and results are kept by key, so that everything that opens the same world shares them. */
  cache: string;
  /** Objects, tasks and action types. Of several bases the first is taken, unless `base` names another. */
  config: RunConfig;
  base?: string | undefined;
  /** Seed of every training. */
  seed: number;
  /** Share of each dataset's rows that trainings see, in (0, 1]. */
  dataShare?: number;
  lab: Lab;
  /** What registers the objects: the lab itself, or another that may reach a model hub. */
  registrar?: Lab;
}

/**
 * A world of real trainings, merges and evaluations by the scripts that runs use, under the keys that runs use.
 * @throws EnvironmentError when its objects cannot be read, ConfigError when something is wrong with one of them.
 */
export async function openLabWorld(options: LabWorldOptions): Promise<LabWorld> {
  const { cache, lab, registrar = lab, base = Object.keys(options.config.models)[0] ?? "" } = options;
  const model = options.config.models[base];
  const file = options.config.name;
  if (model === undefined) throw new ConfigError([{ file, path: `models.${base}`, message: "there is no such model" }]);
  const config: RunConfig = { ...options.config, models: { [base]: model }, baselines: false };
  const inputs = prepareInputs(config, cache, registrar === lab);
  const output = join(cache, "scratch", randomUUID());
  const answer = await registrar.run({ script: "prepare", key: "prepare", seed: 0, inputs, settings: {}, output });
  rmSync(output, { recursive: true, force: true });
  if (answer.status === "failed") throw new EnvironmentError(`The objects of ${config.name} could not be read: ${answer.detail}`);
  const prepared = preparedSchema.parse(answer.metrics);
  const problems = [...prepared.problems, ...judgeOverlaps(config, prepared).problems];
  if (problems.length > 0) throw new ConfigError(problems.map(({ object, message }) => ({ file, path: object, message })));
  return new LabWorld(
    { ...options, config },
    registerObjects(config, prepared, (place) => `m${place}`),
  );
}

/** A world of real trainings. One object serves several searches at once. */
export class LabWorld implements SearchWorld {
  readonly config: RunConfig;
  readonly base: PoolModel;
  readonly datasets: readonly PoolDataset[];
  /** Items of each task by split. */
  readonly items: Readonly<Record<string, Readonly<Record<Split, number>>>>;
  readonly #run: Run;
  readonly #options: LabWorldOptions;
  /** What is being made now, by key: two that want the same wait for one training. */
  readonly #underWay = new Map<string, Promise<Kept>>();

  constructor(options: LabWorldOptions, { models, datasets, tasks }: RegisteredObjects) {
    const { config, seed } = options;
    this.#options = options;
    this.config = config;
    const [model] = models;
    if (model === undefined) throw new EnvironmentError(`The config ${config.name} names no model.`);
    this.base = model;
    this.datasets = datasets;
    this.items = Object.fromEntries(tasks.map(({ id, items }) => [id, items]));
    const state = { state: "running", stateReason: "lab", endedAt: null, finalOpenedAt: null } as const;
    this.#run = { id: config.name, name: config.name, config, tasks, seed, createdAt: new Date(0).toISOString(), ...state };
  }

  scoreBase(): Promise<TaskScores> {
    return this.#evaluate(this.base, new Map([[this.base.id, this.base]]), "search");
  }

  openFinal(model: PoolModel, models: ReadonlyMap<string, PoolModel>): Promise<TaskScores> {
    return this.#evaluate(model, models, "final");
  }

  async make(chosen: Action, models: ReadonlyMap<string, PoolModel>): Promise<Made> {
    const { seed, cache, dataShare = 1 } = this.#options;
    const fidelity = isMerge(chosen.type) ? chosen.fidelity : { ...chosen.fidelity, data: chosen.fidelity.data * dataShare };
    const action: Action = { ...chosen, seed, fidelity };
    const datasets = new Map(this.datasets.map((dataset) => [dataset.id, dataset]));
    const key = actionKey(action, { models, datasets });
    const parents = action.models.flatMap((id) => models.get(id) ?? []);
    const isAdapter = !isMerge(action.type) && (action.setting["peft_r"] ?? null) !== null;
    const form = isAdapter ? "adapter" : "full";
    const path = join(cache, "models", key);
    const child = childModel({ id: "child", key, trial: 1, type: action.type, parents, path, form });
    const known = await this.#once(key, () => this.#train(action, child, { models, datasets }));
    if ("failed" in known) return { kind: "failed", reason: known.failed };
    return { kind: "made", key, path, form, scores: this.#normalised(known.scores) };
  }

  async #train(
    action: Action,
    child: PoolModel,
    { models, datasets }: { models: ReadonlyMap<string, PoolModel>; datasets: ReadonlyMap<string, PoolDataset> },
  ): Promise<Kept> {
    const { key, path } = child;
    const view = { run: this.#run, modelsById: models, datasetsById: datasets };
    const [step] = buildTrainJob(view, { number: 1, action, key }).steps;
    if (step === undefined) throw new RangeError("a job has steps");
    const aside = `${path}.${randomUUID()}`;
    const { script, seed, inputs, settings } = step;
    const answer = await this.#options.lab.run({ script, key, seed, inputs, settings, output: aside });
    if (answer.status === "failed") return { failed: answer.reason };
    publish(aside, path);
    return this.#outcome(child, new Map([...models, [child.id, child]]), "search");
  }

  async #evaluate(model: PoolModel, models: ReadonlyMap<string, PoolModel>, split: Split): Promise<TaskScores> {
    const kept = await this.#outcome(model, models, split);
    if ("failed" in kept)
      throw new EnvironmentError(`Model ${model.key} of ${this.config.name} could not be evaluated on ${split}: ${kept.failed}.`);
    return this.#normalised(kept.scores);
  }

  #normalised(scores: TaskScores): TaskScores {
    return normaliseScores(scores, taskWeights(this.config, []));
  }

  #outcome(model: PoolModel, modelsById: ReadonlyMap<string, PoolModel>, split: Split): Promise<Kept> {
    const step = evaluateStep(this.#run, modelRef({ modelsById }, model.id), model.parameters, split);
    return this.#once(step.key, async () => {
      const output = join(this.#options.cache, "scratch", randomUUID());
      const { key, seed, inputs, settings } = step;
      const answer = await this.#options.lab.run({ script: "evaluate", key, seed, inputs, settings, output });
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
    const file = join(this.#options.cache, "results", `${key}.json`);
    const running = this.#underWay.get(key);
    if (running !== undefined) return running;
    const work = async () => {
      if (existsSync(file)) return keptSchema.parse(JSON.parse(readFileSync(file, "utf8")));
      const made = await make();
      mkdirSync(join(this.#options.cache, "results"), { recursive: true });
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

/** Equal keys are equal models: one that another process has published meanwhile stays, since others may be reading it. */
function publish(aside: string, path: string): void {
  if (existsSync(path)) rmSync(aside, { recursive: true, force: true });
  else renameSync(aside, path);
}
