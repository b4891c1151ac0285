import { formatChange, formatScore } from "../memory/format-score.ts";
import { differenceOf, type Estimate, formatDifference } from "./statistics.ts";
import type { Basis, Row } from "./results.ts";

/** What a difference over seeds says: the sign of the whole interval, or nothing where it holds 0 or there is none. */
export type Sign = "above" | "below" | "open";

export function signOf(estimate: Estimate | null): Sign {
  const interval = estimate?.interval ?? null;
  if (interval === null) return "open";
  if (interval.low > 0) return "above";
  return interval.high < 0 ? "below" : "open";
}

/** A comparison that the paper makes, or that it lacks. */
export interface Claim {
  /** `The search's best pipeline is better than SFT on all data`. */
  says: string;
  /** The paper's numbers, such as `.458 against .439`; null where it has none. */
  paper: string | null;
  difference: Estimate | null;
  /** Said where the result is not the paper's. */
  why?: string;
}

/** One sentence or two: what the paper says, what was measured, and whether that is the same. */
export function claimSentence({ says, paper, difference, why = "" }: Claim): string {
  if (difference === null) return `${says}: not measured.`;
  const seeds = `${difference.seeds} ${difference.seeds === 1 ? "seed" : "seeds"}`;
  const measured = `${formatDifference(difference)}, ${seeds}`;
  const sign = signOf(difference);
  const reason = why === "" ? "" : ` ${why}`;
  if (paper === null) {
    const verdict = { above: "it holds here", below: "it does not hold here", open: "open: the interval holds 0" }[sign];
    return `${says} (the paper does not measure this): ${measured}; ${isSingle(difference) ? "one seed decides nothing" : verdict}.`;
  }
  if (isSingle(difference)) return `${says} (paper: ${paper}): here ${measured}; one seed decides nothing.`;
  const verdicts = {
    above: "as in the paper.",
    below: `**the other way round than in the paper.**${reason}`,
    open: `**not shown here**: the interval holds 0. The paper gives one run and no interval.${reason}`,
  };
  return `${says} (paper: ${paper}): here ${measured}; ${verdicts[sign]}`;
}

function isSingle({ interval }: Estimate): boolean {
  return interval === null;
}

/** Which tasks a difference of two rows comes from, largest part first: `math −.280, common −.419`. */
export function describeParts(basis: Basis, a: Row, b: Row): string {
  const parts = basis.tasks
    .flatMap(({ id }) => {
      const difference = differenceOf(basis, a, b, id);
      return difference === null ? [] : [{ id, mean: difference.mean }];
    })
    .toSorted((x, y) => Math.abs(y.mean) - Math.abs(x.mean));
  return parts.map(({ id, mean }) => `${id} ${formatChange(mean)}`).join(", ");
}

/** Of a base's score this much is left where a training counts as having sunk a task. */
const sunkShare = 0.25;

const meanOf = ({ reads }: Row, task: string) => reads.reduce((sum, { final }) => sum + (final[task] ?? 0), 0) / Math.max(1, reads.length);

/** Single sets that alone sink a task: `common_name sinks common (.419 → .000)`. Means over seeds, on `final`. */
export function sunkTasks(basis: Basis, base: Row, singles: readonly Row[]): string[] {
  return singles.flatMap((single) =>
    basis.tasks.flatMap(({ id }) => {
      const [before, after] = [meanOf(base, id), meanOf(single, id)];
      const isSunk = single.reads.length > 0 && before > 0.1 && after < sunkShare * before;
      return isSunk ? [`${single.label} sinks ${id} (${formatScore(before)} → ${formatScore(after)})`] : [];
    }),
  );
}
