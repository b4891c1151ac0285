import { type Action, isOfType } from "../action/action.ts";
import type { Directive } from "../memory/directive.ts";

/** How many standing wishes of the kind "prefer" an action meets. */
export function countPreferences(action: Action, directives: readonly Directive[]): number {
  let count = 0;
  for (const { body, revokedAt } of directives) {
    if (body.kind !== "prefer" || revokedAt !== null) continue;
    const fitsType = body.actionType === undefined || isOfType(action.type, body.actionType);
    const fitsObject = body.object === undefined || action.models.includes(body.object) || action.datasets.includes(body.object);
    if (fitsType && fitsObject) count += 1;
  }
  return count;
}

/** Draws of a policy that chooses at random, where people prefer something: the one that meets most of their wishes is taken. */
export const drawsWithPreference = 4;

/** True where people prefer something now. */
export function hasPreferences(directives: readonly Directive[]): boolean {
  return directives.some(({ body, revokedAt }) => body.kind === "prefer" && revokedAt === null);
}

/** The action that meets most wishes; of equals the first. */
export function mostPreferred(actions: readonly Action[], directives: readonly Directive[]): Action | null {
  return actions.toSorted((a, b) => countPreferences(b, directives) - countPreferences(a, directives))[0] ?? null;
}
