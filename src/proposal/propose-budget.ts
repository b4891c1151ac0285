import type { Person } from "../approval/person.ts";
import { UserInputError } from "../errors.ts";
import type { ServerConfig } from "../server/server-config.ts";
import { changedConfig } from "../service/change-budget.ts";
import type { Run, Store } from "../store/store.ts";
import { propose } from "./propose.ts";
import type { BudgetChange, Proposal } from "./proposal.ts";

interface Ask {
  change: BudgetChange;
  /** The owner's ceilings; null at the owner's own terminal. */
  caps: ServerConfig["caps"] | null;
  person: Person;
  now: Date;
}

/**
 * A change of a run's budget, to be confirmed.
 * @throws UserInputError when it changes nothing, makes no sense, or goes over the owner's caps.
 */
export async function proposeBudget(store: Store, run: Run, { change, caps, person, now }: Ask): Promise<Proposal> {
  const known = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  if (Object.keys(known).length === 0)
    throw new UserInputError("Say what to change: trials, steps, device_hours, usd, llm_usd, llm_tokens or disk_gb.", {});
  changedConfig(run.config, known);
  for (const [name, cap] of Object.entries(caps ?? {})) {
    const wish = known[name];
    if (wish === undefined || cap === undefined || (wish !== null && wish <= cap)) continue;
    throw new UserInputError(`budget.${name}: ${wish ?? "no limit"} is above the owner's limit of ${cap} (server.yaml, caps).`, {
      [name]: wish,
    });
  }
  return propose(store, { runId: run.id, body: { kind: "budget", change: known }, person, now });
}
