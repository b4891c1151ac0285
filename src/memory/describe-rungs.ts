import type { Fidelity } from "../action/action.ts";
import { citeTrials } from "./cite-trials.ts";
import type { Experience } from "./experience.ts";

const percent = (share: number) => `${Number((100 * share).toPrecision(3))} %`;

/** `25 % of the steps`, `50 % of the data and 25 % of the steps`. */
export function describeFidelity({ data, steps }: Fidelity): string {
  const parts = [...(data < 1 ? [`${percent(data)} of the data`] : []), ...(steps < 1 ? [`${percent(steps)} of the steps`] : [])];
  return parts.length === 0 ? "full length" : parts.join(" and ");
}

/** What low fidelity has been worth in this run, in a sentence; null while too little was done at both. */
export function describeRungs({ rungs }: Pick<Experience, "rungs">): string | null {
  const worth = rungs.worth();
  if (worth === null) return null;
  const told = worth.correlation >= 0.6 ? "has ranked data well" : worth.correlation >= 0.3 ? "has ranked data roughly" : "has told little";
  return `Low fidelity ${told}: its gains and those in full have a rank correlation of ${worth.correlation.toFixed(2)} over ${worth.kinds} kinds of trainings (${citeTrials(worth.trials, 3)}).`;
}
