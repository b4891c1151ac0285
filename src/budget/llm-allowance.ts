import type { Run, Store } from "../store/store.ts";
import { leftOf, readCaps } from "./caps.ts";

/** Whether a language model may be called. A cap that is reached stops the calls, not the run. */
export async function llmAllowance(
  store: Store,
  run: Pick<Run, "id" | "config">,
): Promise<{ allowed: true } | { allowed: false; why: string }> {
  const caps = await readCaps(store, run);
  const reached = caps.find((cap) => (cap.name === "llm_usd" || cap.name === "llm_tokens" || cap.name === "usd") && leftOf(cap) <= 0);
  if (reached === undefined) return { allowed: true };
  const amount = reached.name === "llm_tokens" ? reached.limit.toLocaleString("en") : `$${reached.limit}`;
  return { allowed: false, why: `budget.${reached.name} of ${amount} is spent` };
}
