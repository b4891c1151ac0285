import { createRng } from "../policy/rng.ts";
import type { OutcomesByTask } from "../score/compare.ts";
import { optimismOfBest } from "../score/optimism-of-best.ts";
import { paretoSet } from "../score/pareto.ts";
import type { Run, Store } from "../store/store.ts";
import { isEligible } from "./best-model.ts";
import { ModelScores } from "./model-scores.ts";
import { repeatedTrainings } from "./repeated-trainings.ts";

/** Models further down have no chance of being the best by luck. */
const mostModels = 50;

/** How a run's models stand on `search`, and how far its best score is to be trusted. */
export interface SearchStanding {
  /** Models with results on every task; repeats and confirmations do not count. */
  evaluated: number;
  /** Of those that were looked at (the best 200), the ones that meet floors and gates. */
  eligible: number;
  /** Ids of the eligible models that no other is at least as good as on every task. */
  pareto: string[];
  /** By how much the best score is expected to be too high; null with fewer than two eligible models. */
  optimism: number | null;
  /** Standard deviation of the aggregate between training seeds; null where nothing was repeated. */
  seedSd: number | null;
}

const mostLookedAt = 200;

/** Reads the standing from what is stored; the same store gives the same numbers. */
export async function searchStanding(store: Store, run: Run): Promise<SearchStanding> {
  const scores = await ModelScores.open(store, run, "search");
  const all = await scores.best(Number.MAX_SAFE_INTEGER);
  const eligible: { id: string; key: string }[] = [];
  for (const id of all.slice(0, mostLookedAt)) {
    const model = await store.objects.find(run.id, id);
    if (model?.kind === "model" && (await isEligible(store, run, scores, id))) eligible.push({ id, key: model.key });
  }
  const means = new Map<string, Record<string, number>>();
  const outcomes: OutcomesByTask[] = [];
  for (const { id, key } of eligible) {
    means.set(id, (await scores.means({ key })).scores);
    const found = outcomes.length < mostModels ? await scores.outcomes({ key }) : null;
    if (found !== null) outcomes.push(found);
  }
  const groups = await Promise.all((await repeatedTrainings(store, run.id)).map((trials) => scores.outcomesOf(trials)));
  const rng = createRng(run.seed, "optimism");
  const { optimism, measured } = optimismOfBest({ models: outcomes, groups, weights: scores.weights, rng });
  return {
    evaluated: all.length,
    eligible: eligible.length,
    pareto: paretoSet(
      means,
      scores.weights.filter(({ weight }) => weight > 0).map(({ task }) => task),
    ),
    optimism,
    seedSd: measured === null ? null : Math.sqrt(measured.variance),
  };
}
