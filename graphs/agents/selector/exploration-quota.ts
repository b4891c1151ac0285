import type { ActionTypeName } from "#src/action/action.ts";

/** Every this many decisions the selector must choose among the least used kinds (the paper's agent kept repeating one action). */
const exploreEvery = 5;

/** Whether this decision must explore. The first four are left free: baselines have just covered the plain steps. */
export function mustExplore(decision: number): boolean {
  return decision % exploreEvery === 0;
}

/** The less used half of the open types, at least one. Ties stand in the order given. */
export function leastUsedTypes(types: readonly ActionTypeName[], tried: ReadonlyMap<ActionTypeName, number>): ActionTypeName[] {
  const sorted = types.toSorted((a, b) => (tried.get(a) ?? 0) - (tried.get(b) ?? 0));
  return sorted.slice(0, Math.max(1, Math.floor(types.length / 2)));
}
