import type { Person } from "../approval/person.ts";
import type { RunConfig } from "../config/run-config.ts";
import { ConfigError } from "../errors.ts";
import type { PreparedObjects } from "../pool/prepared-objects.ts";
import type { RunEstimate } from "../service/estimate-run.ts";
import type { Store } from "../store/store.ts";
import { propose } from "./propose.ts";
import type { Proposal } from "./proposal.ts";

interface Ask {
  config: RunConfig;
  prepared: PreparedObjects;
  estimate: RunEstimate;
  person: Person;
  now: Date;
}

/**
 * A run that was asked for, to be started once somebody confirms its plan.
 * @throws ConfigError when `prepare` found problems with its objects.
 */
export async function proposeStart(store: Store, { config, prepared, estimate, person, now }: Ask): Promise<Proposal> {
  if (prepared.problems.length > 0)
    throw new ConfigError(prepared.problems.map(({ object, message }) => ({ file: object, path: "", message })));
  return propose(store, { runId: null, body: { kind: "start", config, prepared, estimate }, person, now });
}
