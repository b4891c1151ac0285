import { type Action, isMerge } from "#src/action/action.ts";
import { actionKey } from "#src/action/key.ts";
import { type RunConfig, runConfigSchema } from "#src/config/run-config.ts";
import type { TaskScores } from "#src/policy/policy.ts";
import { createRng } from "#src/policy/rng.ts";
import type { PoolDataset, PoolModel } from "#src/pool/objects.ts";
import type { Made, SearchWorld } from "../search-world.ts";
import { type FreshLandscape, freshLandscape, type Point } from "./fresh-landscape.ts";

/** Items of a task on `search` and on `final`: what is measured scatters about the chance as so many items do. */
const items = { search: 200, final: 400 };
/** What a training's seed does to each coordinate. */
const seedNoise = 0.03;

/** A search world on a fresh landscape: the action types and settings of experiment 1, 40 trials. */
export class FreshWorld implements SearchWorld {
  readonly config: RunConfig;
  readonly base: PoolModel;
  readonly datasets: PoolDataset[];
  readonly #landscape: FreshLandscape;
  readonly #seed: number;
  readonly #points = new Map<string, Point>();

  constructor(seed: number) {
    this.#seed = seed;
    this.#landscape = freshLandscape(seed);
    const { tasks, datasets, base } = this.#landscape;
    this.config = runConfigSchema.parse({
      name: `fresh-${seed}`,
      models: { base: { path: "fresh/base" } },
      datasets: Object.fromEntries(datasets.map(({ id }) => [id, { path: `fresh/${id}.jsonl` }])),
      tasks: Object.fromEntries(tasks.map((task) => [task, { kind: "generate", path: `fresh/${task}`, verifier: { kind: "exact" } }])),
      actions: { sft: { max_steps: [80, 20] }, dpo: { max_steps: 40 }, merge_linear: {}, merge_ties: { density: [0.5, 0.8] } },
      baselines: false,
    });
    this.datasets = datasets.map(({ id, format, rows }) => {
      return { kind: "dataset", id, key: `fresh-${id}`, format, rows, meanTokens: 20, path: `fresh/${id}.jsonl` };
    });
    const key = `fresh-base-${seed}`;
    const own = { kind: "model", id: "m0", name: "base", key, trial: null, base: "m0", depth: 0 } as const;
    this.base = { ...own, parents: [], compatibility: "fresh", parameters: 1e6, path: "fresh/base", form: "full" };
    this.#points.set(key, base);
  }

  async scoreBase(): Promise<TaskScores> {
    return this.#measure(this.base.key, "search");
  }

  async openFinal(model: PoolModel): Promise<TaskScores> {
    return this.#measure(model.key, "final");
  }

  async make(action: Action, models: ReadonlyMap<string, PoolModel>): Promise<Made> {
    const datasets = new Map(this.datasets.map((dataset) => [dataset.id, dataset]));
    const key = actionKey(action, { models, datasets });
    const parents = action.models.map((id) => this.#point(models.get(id)?.key ?? ""));
    const [first] = parents;
    if (first === undefined) throw new RangeError("an action has parents");
    const made = isMerge(action.type) ? this.#landscape.merge(action, parents) : this.#landscape.train(action, first);
    const rng = createRng("fresh seed", this.#seed, key);
    this.#points.set(key, isMerge(action.type) ? made : made.map((value) => value + seedNoise * rng.normal()));
    return { kind: "made", key, path: `fresh/${key}`, scores: this.#measure(key, "search") };
  }

  #point(key: string): Point {
    const point = this.#points.get(key);
    if (point === undefined) throw new RangeError(`the landscape has no model ${key}`);
    return point;
  }

  #measure(key: string, split: "search" | "final"): TaskScores {
    const point = this.#point(key);
    return Object.fromEntries(
      this.#landscape.tasks.map((task) => {
        const chance = this.#landscape.chance(task, point);
        const rng = createRng("fresh items", this.#seed, key, task, split);
        const scatter = Math.sqrt((chance * (1 - chance)) / items[split]) * rng.normal();
        return [task, Math.min(1, Math.max(0, Math.round((chance + scatter) * items[split]) / items[split]))];
      }),
    );
  }
}
