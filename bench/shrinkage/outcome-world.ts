import { type Action, isMerge, isPreference } from "#src/action/action.ts";
import { actionKey } from "#src/action/key.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import type { TaskScores } from "#src/policy/policy.ts";
import type { PoolDataset, PoolModel, Split } from "#src/pool/objects.ts";
import type { OutcomesByTask } from "#src/score/compare.ts";
import { moments } from "#src/score/interval.ts";
import { scriptedConfig } from "#tests/graphs/scripted-world.ts";
import type { Landscape } from "#tools/executors/scripted/landscape.ts";
import type { Made, SearchWorld } from "#src/search/search-world.ts";

type Skills = Readonly<Record<string, number>>;

/** What is known of a model: the action that made it, if any, and its skills. */
interface Known {
  key: string;
  action: Action | null;
  skills: Skills;
}

/** A scripted landscape as a world to search: every model answers items, and can be made again under other seeds. */
export class OutcomeWorld implements SearchWorld {
  readonly config: RunConfig;
  readonly base: PoolModel;
  readonly datasets: readonly PoolDataset[];
  readonly tasks: readonly string[];
  readonly #landscape: Landscape;
  readonly #items: number;
  readonly #byKey = new Map<string, Known>();
  readonly #keys = new Map<string, string>();

  constructor(landscape: Landscape, items: number) {
    this.config = scriptedConfig({ mixture_datasets: 2, baselines: false });
    this.#landscape = landscape;
    this.#items = items;
    this.tasks = Object.keys(this.config.tasks);
    this.datasets = Object.keys(this.config.datasets).map((id) => {
      return { kind: "dataset", id, key: `key-${id}`, format: "prompt_completion", rows: 500, meanTokens: 20, path: id };
    });
    const own = { kind: "model", id: "m0", name: "base", key: "base", parents: [], trial: null, base: "m0", depth: 0 } as const;
    this.base = { ...own, parents: [], compatibility: "same", parameters: 1000, path: "base", form: "full" };
    const skills = this.#ofTasks((task) => landscape.base("base", task));
    this.#byKey.set(this.base.key, { key: this.base.key, action: null, skills });
    this.#keys.set(this.base.id, this.base.key);
  }

  async scoreBase(): Promise<TaskScores> {
    return this.#scores(this.outcomes(this.base.key, "search"));
  }

  async openFinal(model: PoolModel): Promise<TaskScores> {
    return this.#scores(this.outcomes(model.key, "final"));
  }

  async make(action: Action, models: ReadonlyMap<string, PoolModel>): Promise<Made> {
    for (const { id, key } of models.values()) this.#keys.set(id, key);
    const key = actionKey(action, { models, datasets: new Map(this.datasets.map((dataset) => [dataset.id, dataset])) });
    const skills = this.#apply(action, key, (id) => this.#known(id).skills);
    this.#byKey.set(key, { key, action, skills });
    return { kind: "made", key, path: key, scores: this.#scores(this.outcomes(key, "search")) };
  }

  /** Outcomes of a model that was made. */
  outcomes(key: string, split: Split): OutcomesByTask {
    return this.#answer(this.#byKey.get(key)?.skills ?? {}, key, split);
  }

  /** Outcomes of the same pipeline with every training of it under another seed. */
  outcomesAgain(key: string, seed: number, split: Split): OutcomesByTask {
    return this.#answer(this.#again(key, seed), `${key} ${seed}`, split);
  }

  #again(key: string, seed: number): Skills {
    const known = this.#byKey.get(key);
    if (known === undefined) throw new RangeError("only what was made can be made again");
    if (known.action === null) return known.skills;
    return this.#apply(known.action, `${key} ${seed}`, (id) => this.#again(this.#known(id).key, seed));
  }

  #known(id: string): Known {
    const known = this.#byKey.get(this.#keys.get(id) ?? "");
    if (known === undefined) throw new RangeError(`the world has no model ${id}`);
    return known;
  }

  #apply(action: Action, key: string, skillsOf: (id: string) => Skills): Skills {
    const parents = action.models.map(skillsOf);
    return this.#ofTasks((task) => {
      const skills = parents.map((parent) => parent[task] ?? 0);
      if (isMerge(action.type)) return this.#landscape.merge({ key, parents: skills, weights: skills.map(() => 1) }, task);
      const datasets = action.datasets.map((id) => `key-${id}`);
      const steps = Number(action.setting["max_steps"]);
      return this.#landscape.train({ key, parent: skills[0] ?? 0, datasets, steps, isPreference: isPreference(action.type) }, task);
    });
  }

  #answer(skills: Skills, key: string, split: Split): OutcomesByTask {
    return new Map(
      this.tasks.map((task) => [
        task,
        Float32Array.from(this.#landscape.outcomes(skills[task] ?? 0, key, `${task} ${split}`, this.#items)),
      ]),
    );
  }

  #scores(outcomes: OutcomesByTask): TaskScores {
    return this.#ofTasks((task) => moments(outcomes.get(task) ?? []).mean);
  }

  #ofTasks(value: (task: string) => number): Record<string, number> {
    return Object.fromEntries(this.tasks.map((task) => [task, value(task)]));
  }
}
