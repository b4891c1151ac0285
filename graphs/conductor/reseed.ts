import { type Action, isMerge } from "#src/action/action.ts";
import { canonicalAction } from "#src/action/canonical-action.ts";
import { actionKey } from "#src/action/key.ts";
import { TemperError } from "#src/errors.ts";
import type { PoolModel } from "#src/pool/objects.ts";
import type { Trial } from "#src/store/store.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { atMost } from "#src/at-most.ts";
import type { PlannedAction } from "./estimate-action.ts";
import type { RunView } from "./run-view.ts";
import type { TrialThreads } from "./trial-threads.ts";

/** Merges that draw random numbers. */
const randomMerges: readonly Action["type"][] = ["merge_dare_ties"];

function reseeded(action: Action, seed: number): Action {
  return isMerge(action.type) && !randomMerges.includes(action.type) ? action : { ...action, seed };
}

/**
 * Makes whole pipelines again under other training seeds, from their bases on. Each step is a trial of kind `confirm`
 * (or a repeat that is there already): known keys are answered from what is there, steps that pipelines share are made
 * once.
 */
export class Reseeder {
  readonly #context: DiscoveryContext;
  readonly #threads: TrialThreads;
  readonly #view: RunView;
  readonly #signal: AbortSignal;
  readonly #inLane: ReturnType<typeof atMost>;
  readonly #made = new Map<string, Promise<PoolModel | null>>();
  readonly #actions = new Map<string, Action>();
  /** Trials that wait for people. */
  readonly parked: number[] = [];
  /** Steps that could not be made: `trial 41: out of memory`. */
  readonly failures: string[] = [];

  private constructor(context: DiscoveryContext, threads: TrialThreads, view: RunView, signal: AbortSignal) {
    this.#context = context;
    this.#threads = threads;
    this.#view = view;
    this.#signal = signal;
    this.#inLane = atMost(view.run.config.executor.lanes);
  }

  /** Reads how the run's models were made. */
  static async open(
    context: DiscoveryContext,
    threads: TrialThreads,
    view: RunView,
    signal = new AbortController().signal,
  ): Promise<Reseeder> {
    const reseeder = new Reseeder(context, threads, view, signal);
    for (const { model, action } of await context.store.trials.list(view.runId)) if (model !== null) reseeder.#actions.set(model, action);
    return reseeder;
  }

  /** Whether a training seed changes anything about a model. */
  hasTraining(model: PoolModel): boolean {
    const action = this.#actionOf(model);
    if (action === null) return false;
    return reseeded(action, 1).seed === 1 || action.models.some((id) => this.hasTraining(this.#view.model(id)));
  }

  /** Steps that making a model under another seed takes, with the keys that they will have. */
  plan(model: PoolModel, seed: number): PlannedAction[] {
    const action = this.#actionOf(model);
    if (action === null) return [];
    const before = action.models.flatMap((id) => this.plan(this.#view.model(id), seed));
    return [...before, { action: reseeded(action, seed), key: this.#keyOf(model, seed) }];
  }

  /** The model under another seed; null when a step failed or waits for people. */
  make(model: PoolModel, seed: number): Promise<PoolModel | null> {
    const name = `${model.id} ${seed}`;
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const making = this.#make(model, seed);
    this.#made.set(name, making);
    return making;
  }

  async #make(model: PoolModel, seed: number): Promise<PoolModel | null> {
    const action = this.#actionOf(model);
    if (action === null) return model;
    const parents = await Promise.all(action.models.map((id) => this.make(this.#view.model(id), seed)));
    const models = parents.flatMap((parent) => (parent === null ? [] : [parent.id]));
    if (models.length < parents.length) return null;
    const trial = await this.#claim(canonicalAction({ ...reseeded(action, seed), models }), `${model.id} seed ${seed}`);
    const done = trial.endedAt === null ? await this.#drive(trial) : trial;
    if (done === null) return null;
    if (done.model !== null) return this.#view.model(done.model);
    this.failures.push(`trial ${done.number}: ${(done.failure ?? "no result").replaceAll("_", " ")}`);
    return null;
  }

  async #claim(action: Action, label: string): Promise<Trial> {
    const { runId } = this.#view;
    const key = actionKey(action, { models: this.#view.modelsById, datasets: this.#view.datasetsById });
    const { trials } = this.#context.store;
    const trial = (await trials.create({ runId, kind: "confirm", label, action, key, lane: null })) ?? (await trials.findKey(runId, key));
    if (trial === null) throw new TemperError("conflict", `${label} could not be claimed in run ${this.#view.run.name}.`, { key });
    return trial;
  }

  /** Null when the trial waits for people. */
  #drive(trial: Trial): Promise<Trial | null> {
    return this.#inLane(async () => {
      const { runId, number } = trial;
      const start = { runId, number, claimed: true, lane: 1 };
      const ending = await this.#threads.resume(start, { signal: this.#signal, onNode: () => undefined });
      await this.#view.refreshResults();
      if (ending !== "parked") return this.#context.store.trials.find(runId, number);
      this.parked.push(number);
      return null;
    });
  }

  #keyOf(model: PoolModel, seed: number): string {
    const action = this.#actionOf(model);
    if (action === null) return model.key;
    const models = new Map(action.models.map((id) => [id, { key: this.#keyOf(this.#view.model(id), seed) }]));
    return actionKey(reseeded(action, seed), { models, datasets: this.#view.datasetsById });
  }

  #actionOf(model: PoolModel): Action | null {
    if (model.trial === null) return null;
    const action = this.#actions.get(model.id);
    if (action === undefined) throw new TemperError("not_found", `There is no record of how ${model.id} was made.`, { model: model.id });
    return action;
  }
}
