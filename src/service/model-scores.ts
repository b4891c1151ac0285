import { evaluationKey } from "../action/key.ts";
import { UserInputError } from "../errors.ts";
import type { TaskScores } from "../policy/policy.ts";
import type { PoolModel, Split } from "../pool/objects.ts";
import { taskWeights } from "../score/aggregate.ts";
import { measure, measureTask, type OutcomesByTask } from "../score/compare.ts";
import type { Evaluation, Measured, TaskWeight } from "../score/evaluation.ts";
import type { Run, Store } from "../store/store.ts";

/** Models that are looked at together. */
const pageSize = 20;

/** Reads what the models of one run scored, under the weights of now. `final` stays sealed until it was opened. */
export class ModelScores {
  readonly split: Split;
  readonly weights: readonly TaskWeight[];
  readonly #store: Store;
  readonly #run: Run;

  private constructor(store: Store, run: Run, split: Split, weights: readonly TaskWeight[]) {
    this.#store = store;
    this.#run = run;
    this.split = split;
    this.weights = weights;
  }

  /** @throws UserInputError for the `final` split of a run that has not opened it. */
  static async open(store: Store, run: Run, split: Split): Promise<ModelScores> {
    if (split === "final" && run.finalOpenedAt === null) {
      throw new UserInputError(
        `The final split of ${run.name} is sealed. Open it once, at the end: temper finalize ${run.name}`,
        {},
        "not_allowed",
      );
    }
    return new ModelScores(store, run, split, taskWeights(run.config, await store.directives.list(run.id)));
  }

  /** Ids of models with results on every task that has a weight, best first. */
  async best(limit: number, offset = 0): Promise<string[]> {
    return (await this.ranking(limit, offset)).map(({ model }) => model);
  }

  /** Id of the best model that is as asked; null when none is. */
  async first(isAsked: (id: string) => Promise<boolean>): Promise<string | null> {
    for (let offset = 0; ; offset += pageSize) {
      const page = await this.best(pageSize, offset);
      for (const id of page) if (await isAsked(id)) return id;
      if (page.length < pageSize) return null;
    }
  }

  /** The same with their aggregate scores. */
  async ranking(limit: number, offset = 0): Promise<{ model: string; score: number }[]> {
    const factors = new Map<string, number>();
    for (const { key, weight, maximum } of this.#weighted()) factors.set(key, weight / maximum);
    const ranking = await this.#store.evaluations.ranking(this.#run.id, { split: this.split, factors, limit, offset });
    return ranking.map(({ model, value }) => ({ model, score: value }));
  }

  /** Outcomes of every item, by task; null when a task with a weight was not evaluated. */
  async outcomes(model: Pick<PoolModel, "key">): Promise<OutcomesByTask | null> {
    const outcomes = new Map<string, Float32Array>();
    for (const { id, key } of this.#run.tasks) {
      const found = await this.#store.evaluations.outcomes(evaluationKey(model.key, key, this.split));
      if (found !== null) outcomes.set(id, found.strict);
    }
    return this.#weighted().every(({ task }) => outcomes.has(task)) ? outcomes : null;
  }

  /** The same of several models; those that were not evaluated are left out. */
  async outcomesOf(models: readonly Pick<PoolModel, "key">[]): Promise<OutcomesByTask[]> {
    const found: OutcomesByTask[] = [];
    for (const model of models) {
      const outcomes = await this.outcomes(model);
      if (outcomes !== null) found.push(outcomes);
    }
    return found;
  }

  /** Mean scores in the metrics' own units, and items, by task. */
  async means(model: Pick<PoolModel, "key">): Promise<{ scores: TaskScores; items: Readonly<Record<string, number>> }> {
    const found = await this.evaluations([model.key]);
    return {
      scores: Object.fromEntries(found.map(({ task, score }) => [task, score])),
      items: Object.fromEntries(found.map(({ task, items }) => [task, items])),
    };
  }

  /** Evaluations of these models on the run's tasks. */
  async evaluations(modelKeys: readonly string[]): Promise<Evaluation[]> {
    const taskKeys = new Set(this.#run.tasks.map((task) => task.key));
    const found = await this.#store.evaluations.ofModels([...new Set(modelKeys)], this.split);
    return found.filter(({ taskKey }) => taskKeys.has(taskKey));
  }

  /** The aggregate with its interval. */
  measure(outcomes: OutcomesByTask): Measured {
    return measure(outcomes, this.weights, this.split);
  }

  /** Each task with its interval, in the metric's own unit. */
  measureTasks(outcomes: OutcomesByTask): Record<string, Measured> {
    return Object.fromEntries(
      this.weights.flatMap(({ task, maximum }) => {
        const values = outcomes.get(task);
        return values === undefined ? [] : [[task, measureTask(values, maximum, this.split)]];
      }),
    );
  }

  #weighted() {
    const keys = new Map(this.#run.tasks.map((task) => [task.id, task.key]));
    return this.weights.flatMap((weight) => {
      const key = keys.get(weight.task);
      return weight.weight === 0 || key === undefined ? [] : [{ ...weight, key }];
    });
  }
}
