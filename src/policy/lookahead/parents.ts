import type { PoolModel } from "../../pool/objects.ts";
import type { PolicyView } from "../policy.ts";
import type { Rng } from "../rng.ts";

export interface ParentsInput {
  view: PolicyView;
  maxDepth: number;
  /** Most parents wanted. */
  limit: number;
  /** Aggregate that the ranking goes by. */
  aggregate(id: string): number;
}

/** Evaluated models that may still be built on: all of a small pool; of a large one the best, the best by task, and a random rest. */
export function chooseParents({ view, maxDepth, limit, aggregate }: ParentsInput, rng: Rng): PoolModel[] {
  const usable = view.models.filter((model) => model.depth < maxDepth && view.scores.has(model.id));
  if (usable.length <= limit) return usable;
  const chosen = new Set(leaders(usable, view, Math.ceil(limit / 2), aggregate));
  for (const model of rng.shuffle(usable)) {
    if (chosen.size >= limit) break;
    chosen.add(model);
  }
  return usable.filter((model) => chosen.has(model));
}

/** The best models by aggregate, and the best of each task. */
export function leaders(models: readonly PoolModel[], view: PolicyView, count: number, aggregate: (id: string) => number): PoolModel[] {
  const ranked = models.map((model) => ({ model, score: aggregate(model.id) })).toSorted((a, b) => b.score - a.score);
  const chosen = new Set(ranked.slice(0, count).map(({ model }) => model));
  for (const task of view.tasks) {
    let best: PoolModel | null = null;
    let highest = Number.NEGATIVE_INFINITY;
    for (const model of models) {
      const score = view.scores.get(model.id)?.[task] ?? 0;
      if (score > highest) [best, highest] = [model, score];
    }
    if (best !== null) chosen.add(best);
  }
  return [...chosen];
}
