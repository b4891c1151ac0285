import type { Action } from "../action/action.ts";
import { compareIds } from "../action/compare-ids.ts";
import { describeMethod } from "../action/describe-action.ts";
import type { PoolModel } from "../pool/objects.ts";

/** A model on the way to another. */
export interface LineageNode {
  id: string;
  /** The config's name for a base, else null. */
  name: string | null;
  /** How it was made: `SFT on common, 80 steps`; null for a base. */
  method: string | null;
  action: Action | null;
  trial: number | null;
  depth: number;
}

/** A parent and its child. */
interface LineageEdge {
  from: string;
  to: string;
  /** The parent's weight in a merge with weights, else null. */
  weight: number | null;
}

/** The graph of actions that made a model, back to base models. */
export interface Lineage {
  model: string;
  /** Parents before their children, bases first. */
  nodes: LineageNode[];
  edges: LineageEdge[];
}

function edgesTo(model: PoolModel, action: Action | null): LineageEdge[] {
  const weights = action?.setting["weights"];
  return model.parents.map((from) => {
    const place = action?.models.indexOf(from) ?? -1;
    return { from, to: model.id, weight: Array.isArray(weights) && place >= 0 ? (weights[place] ?? null) : null };
  });
}

/**
 * The graph behind a model: drawable as it is.
 * @param actions the action that made each model, by model id.
 */
export function lineageOf(modelId: string, models: ReadonlyMap<string, PoolModel>, actions: ReadonlyMap<string, Action>): Lineage {
  const reached = new Map<string, PoolModel>();
  const waiting = [modelId];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const model = models.get(id);
    if (model === undefined || reached.has(id)) continue;
    reached.set(id, model);
    waiting.push(...model.parents);
  }
  const ordered = [...reached.values()].toSorted((a, b) => a.depth - b.depth || compareIds(a.id, b.id));
  const nodes = ordered.map((model) => {
    const action = actions.get(model.id) ?? null;
    const method = action === null ? null : describeMethod(action);
    return { id: model.id, name: model.name, method, action, trial: model.trial, depth: model.depth };
  });
  return { model: modelId, nodes, edges: ordered.flatMap((model) => edgesTo(model, actions.get(model.id) ?? null)) };
}
