import type { Action } from "../action/action.ts";
import { assumedNoise, weigh } from "../memory/experience.ts";
import { formatScore } from "../memory/format-score.ts";
import type { PoolModel } from "../pool/objects.ts";
import type { PolicyView } from "./policy.ts";

type Scored = Pick<PolicyView, "modelsById" | "scores" | "weights" | "noiseFloor">;

/** Draws of a policy that chooses at random, until one builds on no model below its base. */
export const drawsAboveBase = 40;

function aggregateOf(id: string, { scores, weights }: Scored): number | null {
  const found = scores.get(id);
  return found === undefined ? null : weigh(found, weights);
}

/**
 * Whether a model lost more than the noise against the base that it comes from: what is built on it has to make up for
 * that first. Never so where several bases were mixed, or where one of the scores is not known.
 */
export function isBelowBase({ id, base }: Pick<PoolModel, "id" | "base">, view: Scored): boolean {
  const [own, start] = [aggregateOf(id, view), base === null ? null : aggregateOf(base, view)];
  return own !== null && start !== null && own < start - (view.noiseFloor ?? assumedNoise);
}

/** Ids of an action's parents that are below their base. A lineage that fell so far is gone on with only for a stated reason. */
export function parentsBelowBase(action: Pick<Action, "models">, view: Scored): string[] {
  return action.models.filter((id) => {
    const model = view.modelsById.get(id);
    return model !== undefined && isBelowBase(model, view);
  });
}

/** `m7 (.310) is below its base m0 (.420)`. */
export function describeBelowBase(ids: readonly string[], view: Scored): string {
  const parts = ids.map((id) => {
    const base = view.modelsById.get(id)?.base ?? "";
    return `${id} (${formatScore(aggregateOf(id, view) ?? 0)}) is below its base ${base} (${formatScore(aggregateOf(base, view) ?? 0)})`;
  });
  return parts.join(" and ");
}
