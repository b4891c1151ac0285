import type { Person } from "../approval/person.ts";
import { whyAsk } from "../budget/why-ask.ts";
import { ConfigError, UserInputError } from "../errors.ts";
import type { PreparedObjects } from "../pool/prepared-objects.ts";
import type { AddedObjects } from "../service/extension/added-objects.ts";
import { checkExtension } from "../service/extension/check-extension.ts";
import type { Estimate, Run, Store } from "../store/store.ts";
import { propose } from "./propose.ts";
import type { Proposal } from "./proposal.ts";

interface Ask {
  added: AddedObjects;
  prepared: PreparedObjects;
  /** Datasets and tasks of the run that it was compared with. */
  compared: string[];
  /** What measuring it costs; null for nothing. */
  estimate: Estimate | null;
  person: Person;
  now: Date;
}

/**
 * Objects and tasks that are to join a run, once somebody confirms it: an approver where measuring them is over the threshold.
 * @throws UserInputError when they may not join, ConfigError when `prepare` found problems with them.
 */
export async function proposeExtend(store: Store, run: Run, { added, prepared, compared, estimate, person, now }: Ask): Promise<Proposal> {
  checkExtension(run, added);
  if (run.state === "stopped" || run.state === "failed")
    throw new UserInputError(`${run.name} is ${run.state}: resume it first, so that what joins is measured.`, { run: run.id }, "conflict");
  if (prepared.problems.length > 0)
    throw new ConfigError(prepared.problems.map(({ object, message }) => ({ file: object, path: "", message })));
  const asks = estimate === null ? null : whyAsk(run.config, estimate);
  return propose(store, { runId: run.id, body: { kind: "extend", added, prepared, compared, estimate, asks }, person, now });
}
