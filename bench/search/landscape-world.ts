import type { Action } from "#src/action/action.ts";
import { actionKey } from "#src/action/key.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import type { TaskScores } from "#src/policy/policy.ts";
import type { PoolDataset, PoolModel } from "#src/pool/objects.ts";
import { Landscape } from "#tests/fixtures/landscape.ts";
import { landscapeConfig, SimulatedRun } from "#tests/fixtures/simulated-run.ts";
import type { Made, SearchWorld } from "#src/search/search-world.ts";

/**
 * The simulated landscape that the policies' tests run on: shaped after what is known of the tiny world, in milliseconds
 * a run. It has one measurement a model, so what it calls `final` is the search score of the chosen model.
 */
export class LandscapeWorld implements SearchWorld {
  readonly config: RunConfig;
  readonly base: PoolModel;
  readonly datasets: readonly PoolDataset[];
  readonly #landscape: Landscape;
  readonly #scores = new Map<string, TaskScores>();

  constructor(seed: number, changes: Record<string, unknown> = {}) {
    this.config = landscapeConfig({ ...changes, baselines: false });
    const { models, datasets } = new SimulatedRun(seed);
    const [base] = models;
    if (base === undefined) throw new RangeError("a simulated run has a base");
    this.base = base;
    this.datasets = datasets;
    this.#landscape = new Landscape(seed);
  }

  async scoreBase(): Promise<TaskScores> {
    return this.#landscape.base();
  }

  async make(action: Action, models: ReadonlyMap<string, PoolModel>): Promise<Made> {
    const key = actionKey(action, { models, datasets: new Map(this.datasets.map((dataset) => [dataset.id, dataset])) });
    const scores = this.#landscape.make(action, `m${models.size}`);
    this.#scores.set(key, scores);
    return { kind: "made", key, path: key, scores };
  }

  async openFinal(model: PoolModel): Promise<TaskScores> {
    return this.#scores.get(model.key) ?? this.#landscape.base();
  }
}
