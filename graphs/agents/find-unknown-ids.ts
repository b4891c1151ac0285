import type { PolicyView } from "#src/policy/policy.ts";

/** Numbers after "trial" or "trials", also in lists: `trials 12, 19 and 20`. */
const citedTrials = /\btrials?\s+((?:\d+(?:\s*(?:,|and|–|-)\s*)?)+)/gi;
const citedModels = /\bm\d+\b/g;

/** Model ids and trial numbers in a text that the store does not know: what a language model made up. */
export function findUnknownIds(text: string, view: Pick<PolicyView, "models" | "trials">): string[] {
  const models = new Set(view.models.map((model) => model.id));
  const unknownModels = (text.match(citedModels) ?? []).filter((id) => !models.has(id));
  // Trials are recorded in order of number and none is left out, but several may still be under way.
  const lastTrial = view.trials.reduce((last, trial) => Math.max(last, trial.number), 0);
  const numbers = [...text.matchAll(citedTrials)].flatMap((match) => match[1]?.match(/\d+/g) ?? []);
  const unknownTrials = numbers.filter((number) => Number(number) < 1 || Number(number) > lastTrial).map((number) => `trial ${number}`);
  return [...new Set([...unknownModels, ...unknownTrials])];
}
