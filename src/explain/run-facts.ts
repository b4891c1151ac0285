import { aggregate } from "../score/aggregate.ts";
import { ModelScores } from "../service/model-scores.ts";
import type { Run, Store } from "../store/store.ts";

/** What every explanation reads of a run: only what is asked for, so that long runs are no slower. */
export class RunFacts {
  readonly store: Store;
  readonly run: Run;
  readonly scores: ModelScores;

  private constructor(store: Store, run: Run, scores: ModelScores) {
    this.store = store;
    this.run = run;
    this.scores = scores;
  }

  static async open(store: Store, run: Run): Promise<RunFacts> {
    return new RunFacts(store, run, await ModelScores.open(store, run, "search"));
  }

  /** Aggregate `search` score of a model; null when it was not evaluated on every task that counts. */
  async score(modelId: string): Promise<number | null> {
    const model = await this.store.objects.find(this.run.id, modelId);
    if (model?.kind !== "model") return null;
    const { scores } = await this.scores.means(model);
    const { weights } = this.scores;
    return weights.every(({ task, weight }) => weight === 0 || task in scores) ? aggregate(scores, weights) : null;
  }
}
