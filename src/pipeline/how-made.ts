import { isMerge } from "../action/action.ts";
import { describeMethod } from "../action/describe-action.ts";
import type { Lineage } from "./lineage.ts";

/**
 * A pipeline on one line, data first: `(math_noisy → common, trivia) TIES merge, density 0.8 → math`. Names of datasets
 * stand for trainings on them; a base is left out unless it is merged as it is.
 */
export function howMade(lineage: Lineage): string {
  const nodes = new Map(lineage.nodes.map((node) => [node.id, node]));
  const phrase = (id: string): string => {
    const node = nodes.get(id);
    const action = node?.action ?? null;
    if (node === undefined || action === null) return "";
    if (isMerge(action.type))
      return `(${action.models.map((parent) => phrase(parent) || (nodes.get(parent)?.name ?? parent)).join(", ")}) ${describeMethod(action)}`;
    const step = action.type === "sft" ? action.datasets.join(" + ") : `${action.type.toUpperCase()} ${action.datasets.join(" + ")}`;
    return [phrase(action.models[0] ?? ""), step].filter((part) => part !== "").join(" → ");
  };
  return phrase(lineage.model);
}
