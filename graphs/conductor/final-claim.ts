import { formatChangeInterval } from "#src/memory/format-score.ts";
import { compareOverSeeds } from "#src/score/compare-over-seeds.ts";
import type { Measured } from "#src/score/evaluation.ts";
import { type Verdict, verdictOf } from "#src/score/verdict.ts";
import { ModelScores } from "#src/service/model-scores.ts";
import type { Run, Store } from "#src/store/store.ts";
import { pooledNoise, readSeeds } from "./confirm.ts";
import type { FinalField } from "./finalists.ts";

/** What a run may claim: one comparison, named before `final` was opened. */
export interface FinalClaim {
  /** The strongest baseline on `search`. */
  against: { label: string; model: string };
  /** Winner minus that, over items and training seeds; null when the winner is that baseline. */
  difference: Measured | null;
  verdict: Verdict;
  /** Whether the difference between training seeds was measured and is in the interval. */
  countsSeeds: boolean;
  /** One plain sentence. */
  text: string;
}

const titles: Readonly<Record<string, string>> = {
  base: "the base",
  sft_all: "SFT on all data",
  sft_all_compute: "SFT on all data, compute-matched",
  single: "the best single SFT",
  ties_grid: "the best of the TIES grid",
};

function seedsOf({ isTrained, again, model }: FinalField["winner"], { seeds }: Measured): string {
  if (!isTrained || again[0]?.id === model.id) return "one training, the noise between seeds counted";
  return seeds === 1 ? "1 fresh training seed" : `${seeds} fresh training seeds`;
}

/** Compares winner and strongest baseline on `final`, each over its fresh training seeds. */
export async function readClaim(store: Store, run: Run, { winner, strongest }: FinalField): Promise<FinalClaim> {
  const against = { label: strongest.label, model: strongest.model.id };
  const title = `${titles[against.label] ?? against.label} (${against.model})`;
  if (winner.model.id === strongest.model.id) {
    const text = `Nothing beats the baseline: the best pipeline is ${title} itself.`;
    return { against, difference: null, verdict: "tie", countsSeeds: false, text };
  }
  const scores = await ModelScores.open(store, run, "final");
  const noise = await pooledNoise(store, run, [winner, strongest], "final");
  const left = await readSeeds(scores, winner);
  const right = await readSeeds(scores, strongest);
  const difference = compareOverSeeds(left, right, { weights: scores.weights, split: "final", noise });
  const verdict = verdictOf(difference);
  const seeds = noise === null ? "the noise between training seeds was not measured" : seedsOf(winner, difference);
  const basis = `${formatChangeInterval(difference)} (${difference.items} items, ${seeds})`;
  const text =
    verdict === "ahead"
      ? `${winner.model.id} beats the strongest baseline, ${title}, by ${basis}.`
      : `Nothing beats the baseline beyond the noise: ${winner.model.id} against ${title} is ${basis}.`;
  return { against, difference, verdict, countsSeeds: noise !== null, text };
}
