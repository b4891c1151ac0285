import type { PoolDataset } from "../pool/objects.ts";
import { actionTypes } from "./action-types.ts";
import type { Action } from "./action.ts";

/** Optimiser steps that an action takes at its fidelity: none for a merge. Datasets that are not among the given ones count nothing. */
export function plannedSteps(action: Action, datasets: readonly PoolDataset[]): number {
  const data = datasets.filter(({ id }) => action.datasets.includes(id));
  return Math.round(actionTypes[action.type].cost([], data, action.setting).steps * action.fidelity.steps);
}
