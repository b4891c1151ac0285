import { type AddedWord, type BudgetWords, saidLimits, type Wish } from "#graphs/chat/grammar/intent.ts";
import type { Proposed } from "#graphs/chat/proposal-desk.ts";
import type { Person } from "#src/approval/person.ts";
import { formatAmount } from "#src/budget/format-amount.ts";
import { UserInputError } from "#src/errors.ts";
import { proposeBudget } from "#src/proposal/propose-budget.ts";
import { proposeCancel } from "#src/proposal/propose-cancel.ts";
import { proposeControl } from "#src/proposal/propose-control.ts";
import { proposeForget } from "#src/proposal/propose-forget.ts";
import { proposeRevokeStanding } from "#src/proposal/propose-revoke-standing.ts";
import { proposeStanding } from "#src/proposal/propose-standing.ts";
import { proposeSteer } from "#src/proposal/propose-steer.ts";
import type { BudgetChange, Proposal } from "#src/proposal/proposal.ts";
import { describeAdded } from "#src/service/extension/added-objects.ts";
import { describeStanding } from "#src/service/standing-approval.ts";
import type { ServerConfig } from "#src/server/server-config.ts";
import type { Run, Store } from "#src/store/store.ts";

/** A wish about a run that is there. */
export type RunWish = Exclude<Wish, { kind: "start" }>;

/** What wishes about a run are read and limited by. */
export interface RunWishContext {
  store: Store;
  /** The owner's ceilings; null at the owner's own terminal without `server.yaml`. */
  caps: ServerConfig["caps"] | null;
  /** Plans what is to join a run; null where it is added by the run's config. */
  extend: ((run: Run, objects: readonly AddedWord[], person: Person) => Promise<Proposal>) | null;
  /** Zone of the hours that people name. */
  timeZone: string;
  now(): Date;
}

interface Asker {
  run: Run;
  person: Person;
}

/**
 * "20 more trials" counts from what the run has now.
 * @throws UserInputError for more of what the run has no limit of: that would be a limit where there is none.
 */
function budgetOf({ name: runName, config }: Run, words: BudgetWords): BudgetChange {
  const change: BudgetChange = {};
  for (const name of saidLimits) {
    const value = words[name];
    if (value === undefined) continue;
    const now = config.budget[name];
    if (words.mode === "by" && now === undefined) {
      const amount = formatAmount(name, value);
      throw new UserInputError(
        `${runName} has no limit in ${name.replaceAll("_", "-")}, so there is nothing to add ${amount} to. To set one: "set the budget to ${amount}".`,
      );
    }
    change[name] = words.mode === "to" ? value : (now ?? 0) + value;
  }
  return change;
}

async function proposalOf(context: RunWishContext, wish: RunWish, { run, person }: Asker): Promise<Proposal> {
  const { store, caps, timeZone, extend, now } = context;
  const asked = { person, now: now() };
  switch (wish.kind) {
    case "steer":
      return proposeSteer(store, run, { text: wish.text, timeZone, ...asked });
    case "standing":
      return proposeStanding(store, run, { text: wish.text, ...asked });
    case "revoke-standing":
      return proposeRevokeStanding(store, run, { which: wish.which, ...asked });
    case "revoke":
      return proposeForget(store, run, { directive: wish.wish, ...asked });
    case "add":
      if (extend !== null) return extend(run, wish.objects, person);
      throw new UserInputError("Here things join a run by its config: add them there, then temper start temper.yaml", {}, "not_allowed");
    case "change-budget":
      return proposeBudget(store, run, { change: budgetOf(run, wish.budget), caps, ...asked });
    case "cancel":
      return proposeCancel(store, run, { trial: wish.trial, ...asked });
    case "control":
      return proposeControl(store, run, { to: wish.to, ...asked });
  }
}

function sentenceOf(wish: RunWish, { body }: Proposal, { name }: Run): string {
  switch (wish.kind) {
    case "steer":
      return `${name} would honour from its next decision: "${wish.text}" (${body.kind === "steer" ? body.wish.kind : "wish"}).`;
    case "standing":
      return body.kind === "standing" ? `In ${name} this would start without a question: ${describeStanding(body)}.` : "";
    case "revoke-standing": {
      const ids = body.kind === "revoke-standing" ? body.standing.map(({ id }) => id) : [];
      return `In ${name} ${ids.join(", ")} would hold no more, and such jobs would be asked about again.`;
    }
    case "revoke":
      return `Wish ${wish.wish} of ${name} would hold no more.`;
    case "add":
      return `${body.kind === "extend" ? describeAdded(body.added) : "It"} would join ${name}; nothing under way is disturbed.`;
    case "change-budget": {
      const change = body.kind === "budget" ? body.change : {};
      const limits = Object.entries(change).map(([limit, value]) => `${limit.replaceAll("_", " ")} ${value}`);
      return `The budget of ${name} would be: ${limits.join(", ")}.`;
    }
    case "cancel":
      return `Trial ${wish.trial} of ${name} would be cancelled; what it used counts.`;
    case "control":
      return {
        pause: `${name} would start no new trials.`,
        resume: `${name} would go on.`,
        stop: `${name} would end once its trials under way are finished.`,
      }[wish.to];
  }
}

/**
 * Stores what somebody wishes of a run, to be confirmed on its card.
 * @throws UserInputError when it cannot be read, or cannot be done as the run stands.
 */
export async function proposeRunWish(context: RunWishContext, wish: RunWish, asker: Asker): Promise<Proposed> {
  const proposal = await proposalOf(context, wish, asker);
  return { id: proposal.id, text: sentenceOf(wish, proposal, asker.run) };
}
