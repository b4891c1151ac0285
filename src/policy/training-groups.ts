import { actionTypes } from "../action/action-types.ts";
import type { ActionTypeName } from "../action/action.ts";
import type { ActionSpace } from "../action/space.ts";
import type { PoolDataset } from "../pool/objects.ts";

/** A way to train: an action type with one dataset that it can use. */
export interface TrainingGroup {
  type: ActionTypeName;
  dataset: PoolDataset;
}

/** Every training type of the run with every dataset in a format that it takes, in config order. */
export function trainingGroups(space: Pick<ActionSpace, "types" | "datasets">): TrainingGroup[] {
  return space.types.flatMap((type) =>
    space.datasets.filter((dataset) => takesDataset(type, dataset)).map((dataset) => ({ type, dataset })),
  );
}

/** Whether an action type can train on a dataset of this format. */
export function takesDataset(type: ActionTypeName, dataset: Pick<PoolDataset, "format">): boolean {
  const slot = actionTypes[type].slots.find((candidate) => candidate.kind === "dataset");
  return slot?.formats?.includes(dataset.format) ?? false;
}
