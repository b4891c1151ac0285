import { actionTypeGroups, actionTypeNames, isOfType, type ActionTypeName } from "../../action/action.ts";
import type { PoolDataset, PoolModel } from "../../pool/objects.ts";
import type { Run } from "../../store/store.ts";

/** What a wish may name: the word that people use, in lower case → what it stands for. */
export interface KnownWords {
  /** Object ids; bases also by their name. */
  objects: ReadonlyMap<string, string>;
  /** Action types and groups of them. */
  actionTypes: ReadonlyMap<string, string>;
  tasks: ReadonlyMap<string, string>;
  /** What there is, for refusals. */
  describe: string;
}

const aliases: Readonly<Record<ActionTypeName | (typeof actionTypeGroups)[number], readonly string[]>> = {
  sft: ["fine-tuning", "finetuning", "fine-tunes", "training"],
  dpo: [],
  kto: [],
  orpo: [],
  merge_linear: ["linear"],
  merge_task_arithmetic: ["task_arithmetic"],
  merge_ties: ["ties"],
  merge_dare_ties: ["dare", "dare_ties"],
  merge_slerp: ["slerp"],
  merge: ["merges", "merging"],
  preference: ["preferences", "preference-learning"],
};

/** The words of one run. */
export function knownWords({ config }: Pick<Run, "config">, models: readonly PoolModel[], datasets: readonly PoolDataset[]): KnownWords {
  const objects = new Map([...models, ...datasets].map((object) => [object.id.toLowerCase(), object.id]));
  for (const { name, id } of models) if (name !== null && !objects.has(name.toLowerCase())) objects.set(name.toLowerCase(), id);

  const types = actionTypeNames.filter((type) => config.actions[type] !== undefined);
  const groups = actionTypeGroups.filter((group) => types.some((type) => isOfType(type, group)));
  const actionTypes = new Map([...types, ...groups].flatMap((type) => [type, ...aliases[type]].map((word) => [word, type])));

  const tasks = new Map(Object.keys(config.tasks).map((task) => [task.toLowerCase(), task]));
  const lastModel = models.at(-1)?.id ?? "m0";
  const describe = [
    `datasets ${datasets.map((dataset) => dataset.id).join(", ")}`,
    lastModel === "m0" ? "model m0" : `models m0 to ${lastModel}`,
    `action types ${[...types, ...groups].join(", ")}`,
    `tasks ${[...tasks.values()].join(", ")}`,
  ].join("; ");
  return { objects, actionTypes, tasks, describe };
}
