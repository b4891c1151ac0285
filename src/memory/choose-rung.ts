import { actionTypes } from "../action/action-types.ts";
import type { Fidelity } from "../action/action.ts";
import type { PolicyView } from "../policy/policy.ts";
import { trainingGroups } from "../policy/training-groups.ts";
import type { Experience } from "./experience.ts";
import { groupName } from "./effects.ts";

/** Most of a run's steps that a first look at every dataset may take. */
const shareForFirstLook = 1 / 3;
/** Below this a low rung has told too little in this run to be asked again. */
const leastTrusted = 0.4;

/** A first look at the datasets that no trial has shown, below full fidelity. */
export interface Screening {
  fidelity: Fidelity;
  /** Datasets without a trial, and the steps that one SFT on each of them takes: in full, and at the rung. */
  datasets: number;
  fullSteps: number;
  steps: number;
}

/**
 * The rung for a first look at the data: the highest at which it takes no more than a third of the run's steps, else the
 * lowest. Null where steps are not capped or a full look fits, where nothing is unknown, and where low rungs have told
 * little so far. Without a cap on steps a trial costs the same at every rung, so nothing is gained by a shorter one.
 */
export function chooseScreening(view: PolicyView, experience: Experience): Screening | null {
  const { steps } = view.budget;
  if (steps === null || view.space.rungs.length === 0 || experience.rungs.trust() < leastTrusted) return null;
  const unknown = trainingGroups(view.space).filter(
    ({ type, dataset }) => type === "sft" && !experience.effects.knows(groupName(type, dataset.id)),
  );
  const longest = unknown.map(({ type, dataset }) =>
    Math.max(0, ...view.space.settings(type).map((setting) => actionTypes[type].cost([], [dataset], setting).steps)),
  );
  const fullSteps = longest.reduce((sum, each) => sum + each, 0);
  const most = shareForFirstLook * (steps.left + steps.done) - steps.done;
  if (unknown.length === 0 || fullSteps <= most) return null;
  const rising = view.space.rungs.toSorted((a, b) => a.steps - b.steps);
  const fidelity = rising.findLast((rung) => fullSteps * rung.steps <= most) ?? rising[0];
  if (fidelity === undefined) return null;
  return { fidelity, datasets: unknown.length, fullSteps, steps: Math.round(fullSteps * fidelity.steps) };
}
