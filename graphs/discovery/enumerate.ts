import type { DiscoveryContext } from "./context.ts";
import type { DiscoveryStateValue, DiscoveryUpdate } from "./state.ts";

/** Counts the action space of the pool now, exactly and without building it. An empty space ends the search. */
export async function enumerate(context: DiscoveryContext, state: DiscoveryStateValue): Promise<DiscoveryUpdate> {
  const { view } = await context.desk(state.runId);
  const { total, dimensions } = view.space.size();
  return { spaceTotal: total, turn: total === 0 && dimensions.length === 0 ? "exhausted" : "go" };
}
