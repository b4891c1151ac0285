/** `.704`: a score in [0, 1] with three digits, as people write it. */
export function formatScore(score: number): string {
  const text = Math.abs(score).toFixed(3);
  const short = text.startsWith("0") ? text.slice(1) : text;
  return score < 0 && short !== ".000" ? `−${short}` : short;
}

/** `+.021` or `−.004`: a change with its sign. */
export function formatChange(change: number): string {
  const text = formatScore(change);
  return text.startsWith("−") ? text : `+${text}`;
}

/** `.704 [.672, .736]`. */
export function formatInterval(estimate: { mean: number; low: number; high: number }): string {
  return `${formatScore(estimate.mean)} [${formatScore(estimate.low)}, ${formatScore(estimate.high)}]`;
}

/** `+.021 [−.004, +.046]`. */
export function formatChangeInterval(estimate: { mean: number; low: number; high: number }): string {
  return `${formatChange(estimate.mean)} [${formatChange(estimate.low)}, ${formatChange(estimate.high)}]`;
}
