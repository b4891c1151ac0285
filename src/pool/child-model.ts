import type { ActionTypeName } from "../action/action.ts";
import { baseOf } from "../action/types/merging.ts";
import type { PoolModel } from "./objects.ts";

/** What is known when an action has made a model; the rest follows from its parents. */
export interface ChildInput {
  id: string;
  /** The action's key. */
  key: string;
  trial: number;
  /** What made it. */
  type: ActionTypeName;
  /** In the order of the action's models. */
  parents: readonly PoolModel[];
  path: string;
  form: "full" | "adapter";
  /** As the script counted them; left out, those of the first parent. */
  parameters?: number;
}

/** The pool's entry of a model that was made: depth, shared base and compatibility come from its parents. */
export function childModel(input: ChildInput): PoolModel {
  const [first, ...others] = input.parents;
  if (first === undefined) throw new RangeError(`model ${input.id} has no parents: only bases have none, and they are registered`);
  const base = baseOf(first);
  return {
    kind: "model",
    id: input.id,
    name: null,
    key: input.key,
    parents: input.parents.map((parent) => parent.id),
    trial: input.trial,
    base: others.every((parent) => baseOf(parent) === base) ? base : null,
    depth: 1 + Math.max(...input.parents.map((parent) => parent.depth)),
    compatibility: first.compatibility,
    parameters: input.parameters ?? first.parameters,
    ...(input.type === "merge_dare_ties" || input.parents.some((parent) => parent.hasDare) ? { hasDare: true } : {}),
    path: input.path,
    form: input.form,
  };
}
