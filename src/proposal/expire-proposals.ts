import type { Store } from "../store/store.ts";
import type { Proposal } from "./proposal.ts";

/** Ends what nobody confirmed in time; gives those that this call ended. */
export async function expireProposals(store: Store, now: Date): Promise<Proposal[]> {
  const expired: Proposal[] = [];
  for (const { id, expiresAt } of await store.proposals.list({ state: "pending" })) {
    if (expiresAt > now.toISOString()) continue;
    const proposal = await store.proposals.decide(id, "expired", "the clock");
    if (proposal !== null) expired.push(proposal);
  }
  return expired;
}
