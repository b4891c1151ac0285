import { formatChangeInterval, formatInterval } from "../memory/format-score.ts";
import type { Measured } from "../score/evaluation.ts";

/** `.704 [.672, .736]`. */
export function scoreWithInterval(score: Measured): string {
  return formatInterval(score);
}

/** `+.020 [+.002, +.038]`, and `a tie` when the interval holds 0. */
export function differenceWithInterval(difference: Measured): string {
  const tie = difference.low <= 0 && difference.high >= 0 ? ", a tie" : "";
  return `${formatChangeInterval(difference)}${tie}`;
}

/** `1 h 52 m`, `97 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} m`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} m`;
}
