import { formatChangeInterval } from "../memory/format-score.ts";
import type { Measured } from "../score/evaluation.ts";
import { subtractIntervals } from "../score/interval.ts";

/** One model's aggregate on both splits. */
interface Measurements {
  search: Measured;
  final: Measured;
}

const differenceOf = ({ search, final }: Measurements) => formatChangeInterval(subtractIntervals(search, final));

/**
 * How far the winner's search score lies above its final one. The splits hold different items, so some of it may be
 * their difficulty: what the base, which nobody chose for its score, shows too.
 * @param base null where the winner is the base.
 */
export function describeShrinkage(winner: Measurements, base: Measurements | null): string {
  const beside = base === null ? "" : `; the base's, which was not chosen for its score, ${differenceOf(base)}`;
  return `Its search score minus its final score is ${differenceOf(winner)}${beside}.`;
}
