import { canonicalJson } from "#src/action/canonical-json.ts";
import { ChoiceSpace } from "#src/action/choice-space.ts";
import { TemperError } from "#src/errors.ts";
import type { Directive } from "#src/memory/directive.ts";
import { Experience, weigh } from "#src/memory/experience.ts";
import { makePlan } from "#src/memory/make-plan.ts";
import type { MemoryVersion } from "#src/memory/memory.ts";
import type { Plan } from "#src/memory/plan.ts";
import type { ObservedTrial, PendingTrial, Policy, PolicyView, TaskScores } from "#src/policy/policy.ts";
import type { PoolDataset, PoolModel } from "#src/pool/objects.ts";
import { taskWeights } from "#src/score/aggregate.ts";
import { lowestScores } from "#src/score/floors.ts";
import type { TaskWeight } from "#src/score/evaluation.ts";
import type { Run, RunState, Store, TemperEvent, Trial } from "#src/store/store.ts";
import { asBan, type PausedType, readPausedTypes } from "#src/triage/paused-type.ts";
import { observeRejection, observeTrial, readScores } from "./observe-trial.ts";
import { readBudget } from "./read-budget.ts";
import { runById } from "./run-by-id.ts";
import { measureNoise } from "#src/score/measure-noise.ts";

/** The event that a trial's result is recorded with, in one transaction: its order is the order of finishing. */
export const resultEvent = "trial-result";

const eventPage = 1000;

const endedStates: readonly RunState[] = ["stopped", "finished", "failed"];

/** True for a run that nobody works on any more. */
export function isEnded(state: RunState): boolean {
  return endedStates.includes(state);
}

/**
 * What a run knows, kept in step with the store: each finished trial is read once, so a step costs the same at trial
 * 10 and at trial 10,000. One for each run and process; also other processes' trials arrive here.
 */
export class RunView implements PolicyView {
  readonly runId: string;
  readonly models: PoolModel[] = [];
  readonly bases: PoolModel[] = [];
  readonly datasets: PoolDataset[] = [];
  readonly modelsById = new Map<string, PoolModel>();
  readonly datasetsById = new Map<string, PoolDataset>();
  readonly scores = new Map<string, TaskScores>();
  readonly trials: ObservedTrial[] = [];
  readonly experience = new Experience();
  readonly space: ChoiceSpace;
  readonly tasks: readonly string[];
  run: Run;
  taskWeights: TaskWeight[] = [];
  weights: TaskScores = {};
  floors: TaskScores = {};
  plan: Plan;
  memory: MemoryVersion | null = null;
  /** People's wishes, and the pauses of action types that keep failing. */
  directives: readonly Directive[] = [];
  pausedTypes: readonly PausedType[] = [];
  budget: PolicyView["budget"] = { trialsLeft: 0, trialsDone: 0, steps: null };
  noiseFloor: number | null = null;
  /** Number of the next decision. */
  decision = 1;
  /** True when people steered since the planner was last asked. */
  isSteered = false;
  /** Trials in a row that a cap refused: nothing that is wanted fits any more. */
  refusedInARow = 0;
  /** True once no baseline is left to be measured. */
  hasBaselines = false;
  /** True once nothing lacks scores on tasks that joined. */
  hasLateScores = false;
  /** True once objects, tasks or scores joined that this view has no place for: the run is to be read anew. */
  isOutgrown = false;
  readonly #store: Store;
  readonly #pending = new Map<number, PendingTrial>();
  readonly #noise: ObservedTrial[] = [];
  readonly #policy: Policy;
  /** Models without a score on every task, by key: those that wait to be measured on what joined. */
  readonly #lacking = new Set<string>();
  #lastTrial = 0;
  #lastResult = 0;
  #queue: Promise<void> = Promise.resolve();

  private constructor(store: Store, run: Run, policy: Policy) {
    this.#store = store;
    this.#policy = policy;
    this.run = run;
    this.runId = run.id;
    this.tasks = run.tasks.map((task) => task.id);
    this.space = new ChoiceSpace(run.config);
    // Stands until the planner is asked for the first time; version 0 is never stored.
    this.plan = { ...makePlan({ previous: null, baselinesLeft: 1, experience: this.experience, view: this }), version: 0 };
  }

  /** Reads a run as it stands. The policy observes every finished trial, from the first on, as if it had been there. */
  static async open(store: Store, runId: string, policy: Policy): Promise<RunView> {
    const view = new RunView(store, await runById(store, runId), policy);
    for (const dataset of await store.objects.datasets(runId)) view.#addDataset(dataset);
    for (const model of await store.objects.models(runId)) if (model.trial === null) view.#addModel(model);
    await view.refresh();
    view.isSteered = false;
    return view;
  }

  get pending(): readonly PendingTrial[] {
    return [...this.#pending.values()];
  }

  /** Number that the next trial will get, as long as nobody else creates one. */
  get nextTrial(): number {
    return this.#lastTrial + 1;
  }

  model(id: string): PoolModel {
    const model = this.modelsById.get(id);
    if (model === undefined) throw new TemperError("not_found", `The pool of run ${this.run.name} has no model ${id}.`, { id });
    return model;
  }

  /** Aggregate `search` score of a model under the weights of now; null when it was not evaluated. */
  aggregate(modelId: string): number | null {
    const scores = this.scores.get(modelId);
    return scores === undefined ? null : weigh(scores, this.weights);
  }

  /** Takes in what happened since the last call, whoever did it. Calls run one after the other. */
  refresh(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#readRun();
      await this.#readSteering();
      await this.#readResults();
      this.experience.keepUp(this);
      await this.#readChanges();
      await this.readMemory();
      this.plan = (await this.#store.plans.latest(this.runId)) ?? this.plan;
      this.decision = (await this.#store.decisions.count(this.runId)) + 1;
    });
  }

  /** Takes in the latest memory version, whoever wrote it. */
  async readMemory(): Promise<void> {
    const version = await this.#store.memories.latestVersion(this.runId);
    if (version !== (this.memory?.version ?? 0)) this.memory = await this.#store.memories.latest(this.runId);
  }

  /** The cheap part of `refresh`: the run's state and budget, and results that are new. */
  refreshResults(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#readRun();
      await this.#readResults();
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #readRun(): Promise<void> {
    const run = await runById(this.#store, this.runId);
    this.isOutgrown ||= namesOf(run) !== namesOf(this.run);
    this.run = this.isOutgrown ? withObjectsOf(run, this.run) : run;
  }

  /** Sees whether models were measured, since they were taken in, on tasks that joined: then what they teach is to be learnt anew. */
  noticeLateScores(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.run.tasks.every(({ joined }) => joined === undefined)) return;
      this.isOutgrown ||= (await readScores(this.#store, this.run, [...this.#lacking])).size > 0;
    });
  }

  async #readResults(): Promise<void> {
    await this.#readBaseScores();
    await this.#readTrials();
    for (;;) {
      const events = await this.#store.events.list(this.runId, this.#lastResult, eventPage);
      await this.#takeResults(events.filter((event) => event.kind === resultEvent));
      if (events.length < eventPage) break;
      // A page without a result would be read for ever: go on behind it.
      this.#lastResult = events.at(-1)?.id ?? this.#lastResult;
    }
    this.budget = await readBudget(this.#store, this.run, this.datasets);
  }

  async #readSteering(): Promise<void> {
    this.pausedTypes = await readPausedTypes(this.#store, this.run);
    const spoken = (await this.#store.directives.list(this.runId)).filter((directive) => directive.revokedAt === null);
    const directives = [...spoken, ...this.pausedTypes.map(asBan)];
    if (idsOf(directives) !== idsOf(this.directives)) {
      this.isSteered = true;
      this.directives = directives;
      this.space.setDirectives(directives);
    }
    this.taskWeights = taskWeights(this.run.config, directives);
    const weights = Object.fromEntries(this.taskWeights.map((weight) => [weight.task, weight.weight]));
    const isChanged = canonicalJson(weights) !== canonicalJson(this.weights);
    this.weights = weights;
    this.#readFloors();
    if (isChanged) this.noiseFloor = measureNoise(this.#noise, this.weights);
  }

  #readFloors(): void {
    const items = Object.fromEntries(this.run.tasks.map((task) => [task.id, task.items.search]));
    const bases = this.bases.flatMap(({ id }) => {
      const scores = this.scores.get(id);
      return scores === undefined ? [] : [{ scores, items }];
    });
    this.floors = lowestScores(this.taskWeights, bases);
  }

  async #readBaseScores(): Promise<void> {
    for (const base of this.bases) {
      if (this.scores.has(base.id)) continue;
      const scores = (await readScores(this.#store, this.run, [base.key])).get(base.key);
      if (scores !== undefined) this.scores.set(base.id, scores);
    }
    this.#readFloors();
  }

  /** Trials that a person changed while they waited: what they were to be may be chosen again. */
  async #readChanges(): Promise<void> {
    for (const { number, action } of await this.#store.trials.live(this.runId)) {
      const before = this.#pending.get(number);
      if (before === undefined || canonicalJson(before.action) === canonicalJson(action)) continue;
      this.space.release(before.action);
      this.space.claim(action);
      this.#pending.set(number, { number, action });
    }
  }

  async #readTrials(): Promise<void> {
    for (const trial of await this.#store.trials.list(this.runId, this.#lastTrial + 1)) {
      this.#pending.set(trial.number, { number: trial.number, action: trial.action });
      this.space.claim(trial.action);
      this.#lastTrial = Math.max(this.#lastTrial, trial.number);
    }
  }

  async #takeResults(events: readonly TemperEvent[]): Promise<void> {
    const numbers = events.flatMap((event) => event.trial ?? []);
    if (numbers.some((number) => number > this.#lastTrial)) await this.#readTrials();
    const trials = await this.#trialRows(numbers);
    const models = new Map<string, PoolModel>();
    for (const trial of trials) {
      const model = trial.model === null ? null : await this.#store.objects.find(this.runId, trial.model);
      if (model?.kind === "model") models.set(model.id, model);
    }
    const scores = await readScores(
      this.#store,
      this.run,
      [...models.values()].map((model) => model.key),
    );
    for (const trial of trials) this.#takeResult(trial, models, scores);
    this.#lastResult = events.at(-1)?.id ?? this.#lastResult;
  }

  async #trialRows(numbers: readonly number[]): Promise<Trial[]> {
    const rows: Trial[] = [];
    for (const number of numbers) {
      const trial = await this.#store.trials.find(this.runId, number);
      if (trial !== null) rows.push(trial);
    }
    return rows;
  }

  #takeResult(trial: Trial, models: ReadonlyMap<string, PoolModel>, scores: ReadonlyMap<string, TaskScores>): void {
    const before = this.#pending.get(trial.number);
    this.#pending.delete(trial.number);
    if (before !== undefined && canonicalJson(before.action) !== canonicalJson(trial.action)) this.space.release(before.action);
    this.space.claim(trial.action);
    const model = trial.model === null ? undefined : models.get(trial.model);
    const modelScores = model === undefined ? undefined : scores.get(model.key);
    // Repeats and confirmations measure what luck does; to build on them or rank them would be choosing luck.
    if (model !== undefined && (trial.kind === "repeat" || trial.kind === "confirm")) this.modelsById.set(model.id, model);
    else if (model !== undefined) this.#addModel(model);
    if (model !== undefined && modelScores !== undefined) this.scores.set(model.id, modelScores);
    else if (model !== undefined) this.#lacking.add(model.key);
    const observed = observeTrial(trial, modelScores ?? null);
    this.refusedInARow = trial.failure === "refused" ? this.refusedInARow + 1 : 0;
    const rejection = observeRejection(trial);
    if (rejection !== null) this.experience.failures.add(rejection);
    if (observed === null) return;
    this.trials.push(observed);
    this.#learnNoise(observed);
    this.experience.observe(observed, this);
    this.#policy.observe(observed, this);
  }

  #learnNoise(trial: ObservedTrial): void {
    if (trial.kind === "chosen" || trial.scores === null) return;
    this.#noise.push(trial);
    this.noiseFloor = measureNoise(this.#noise, this.weights);
  }

  #addModel(model: PoolModel): void {
    if (this.modelsById.has(model.id)) return;
    this.models.push(model);
    if (model.trial === null) this.bases.push(model);
    this.modelsById.set(model.id, model);
    this.space.addModel(model);
  }

  #addDataset(dataset: PoolDataset): void {
    this.datasets.push(dataset);
    this.datasetsById.set(dataset.id, dataset);
    this.space.addDataset(dataset);
  }
}

/** What a view is built for. */
function namesOf({ config: { models, datasets }, tasks }: Run): string {
  return JSON.stringify([Object.keys(models), Object.keys(datasets), tasks.map(({ id }) => id)]);
}

/** A run as it stands, with the objects and tasks that an older view knows: trials under way go on with those. */
function withObjectsOf(run: Run, { tasks, config: { models, datasets, tasks: known } }: Run): Run {
  const weighed = Object.fromEntries(Object.entries(known).map(([name, task]) => [name, run.config.tasks[name] ?? task]));
  return { ...run, tasks, config: { ...run.config, models, datasets, tasks: weighed } };
}

function idsOf(directives: readonly Directive[]): string {
  return directives.map(({ id, text }) => `${id} ${text}`).join("\n");
}
