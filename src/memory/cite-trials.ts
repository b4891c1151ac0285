/** `trial 3`, `trials 3, 7 and 9`; of a long list the latest few, as `trials …, 21, 27 and 30`. */
export function citeTrials(trials: readonly number[], limit = 5): string {
  const sorted = [...trials].toSorted((a, b) => a - b);
  const kept = sorted.slice(-limit);
  const last = kept.at(-1);
  if (last === undefined) return "no trial yet";
  if (sorted.length === 1) return `trial ${last}`;
  const first = kept.slice(0, -1).join(", ");
  return `trials ${sorted.length > kept.length ? "…, " : ""}${first} and ${last}`;
}
