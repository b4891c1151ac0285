import { type Action, type ActionTypeName, type Fidelity, isMerge } from "../action/action.ts";

/** A canary goes before jobs that may take longer than this. */
const longSeconds = 600;

/** One step in a hundred, at least one: what fails for want of memory, by bad rows or a wrong package fails here, too. */
export const smallestFidelity: Fidelity = { data: 1, steps: 0.01 };

/** A trial of the run that has a result. */
interface SeenTrial {
  action: Pick<Action, "type" | "datasets">;
  failure: string | null;
}

/**
 * The action to try first, at the smallest fidelity; null when it is short, or when its action type has made a model of
 * each of its datasets before. Merges have no fidelity and need no data.
 */
export function canaryOf(action: Action, p90Seconds: number, seen: readonly SeenTrial[]): Action | null {
  if (p90Seconds <= longSeconds || isMerge(action.type)) return null;
  const isProved = action.datasets.every((dataset) => hasWorked(action.type, dataset, seen));
  return isProved ? null : { ...action, fidelity: smallestFidelity };
}

function hasWorked(type: ActionTypeName, dataset: string, seen: readonly SeenTrial[]): boolean {
  return seen.some(({ action, failure }) => failure === null && action.type === type && action.datasets.includes(dataset));
}
