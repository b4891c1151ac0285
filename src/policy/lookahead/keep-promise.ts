import { isMerge } from "../../action/action.ts";
import type { PolicyView } from "../policy.ts";
import type { Evidence } from "./evidence.ts";
import type { Candidate } from "./rank.ts";

/** Trials back that count as this stretch. */
const recent = 3;

/**
 * At the last decision of a stretch its phase must have been more than a word: a stretch that combines ends with a merge
 * when it had none, one that explores with a dataset that no trial has shown, while there are such candidates.
 */
export function keepPromise(candidates: readonly Candidate[], view: PolicyView, evidence: Evidence): readonly Candidate[] {
  const { phase, until } = view.plan;
  if (view.decision < until) return candidates;
  const latest = [...view.trials.slice(-recent), ...view.pending];
  let wanted: readonly Candidate[] = [];
  if (phase === "combine" && !latest.some(({ action }) => isMerge(action.type))) {
    wanted = candidates.filter(({ action }) => isMerge(action.type));
  }
  if (phase === "explore") {
    wanted = candidates.filter(
      ({ action }) => action.datasets.length === 1 && !evidence.isKnown(action) && !view.pending.some((trial) => sameGroup(trial, action)),
    );
  }
  return wanted.length > 0 ? wanted : candidates;
}

function sameGroup({ action }: { action: Candidate["action"] }, other: Candidate["action"]): boolean {
  return action.type === other.type && action.datasets.join() === other.datasets.join();
}
