import { canonicalAction } from "#src/action/canonical-action.ts";
import { describeAction } from "#src/action/describe-action.ts";
import { actionKey } from "#src/action/key.ts";
import { ContractError, TemperError } from "#src/errors.ts";
import { createRng } from "#src/policy/rng.ts";
import type { Proposal } from "#src/policy/policy.ts";
import type { Store, Trial } from "#src/store/store.ts";
import type { RunView } from "../conductor/run-view.ts";
import type { DiscoveryContext } from "./context.ts";
import type { DiscoveryStateValue, DiscoveryUpdate } from "./state.ts";

/** Proposals whose key is known under another name before the search is called exhausted. */
const mostRepeats = 50;

/**
 * Lets the policy propose, then stores the decision and claims the action's key in one transaction: two lanes never
 * take the same action. After a crash the trial is either there, then this does nothing, or it is proposed anew from
 * the same random stream.
 */
export async function select(context: DiscoveryContext, state: DiscoveryStateValue, signal?: AbortSignal): Promise<DiscoveryUpdate> {
  const { store } = context;
  const { view, agents } = await context.desk(state.runId);
  if ((await store.trials.find(view.runId, state.number)) !== null) return { claimed: true, turn: "go" };
  for (let attempt = 0; attempt < mostRepeats; attempt++) {
    const stream = attempt === 0 ? [] : [attempt];
    const proposal = await agents.policy.propose(view, createRng(view.run.seed, "decision", view.decision, ...stream), signal);
    if (proposal === null) return { turn: "exhausted" };
    if (await claim(store, view, state, checked(proposal, view, agents.policy.name), agents.policy.name))
      return { claimed: true, turn: "go" };
    // Another id for what was tried already, such as a merge of two models with equal weights.
    view.space.claim(proposal.action);
  }
  return { turn: "exhausted" };
}

function checked(proposal: Proposal, view: RunView, policy: string): Proposal {
  const validity = view.space.check(proposal.action);
  if (validity.valid) return { ...proposal, action: canonicalAction(proposal.action) };
  throw new ContractError(`The policy ${policy} proposed what cannot be done: ${validity.reason}. This is a bug of the policy.`, {
    action: proposal.action,
  });
}

/** False when the run has a trial with this key already. */
async function claim(store: Store, view: RunView, state: DiscoveryStateValue, proposal: Proposal, policy: string): Promise<boolean> {
  const { runId } = view;
  const key = actionKey(proposal.action, { models: view.modelsById, datasets: view.datasetsById });
  return store.transaction(async (transaction) => {
    const trial = await transaction.trials.create({ runId, kind: "chosen", label: null, action: proposal.action, key, lane: state.lane });
    if (trial === null) return false;
    if (trial.number !== state.number) {
      throw new TemperError(
        "conflict",
        `Trial ${state.number} was reserved, but the next free number is ${trial.number}; it is tried again.`,
      );
    }
    await transaction.decisions.add({
      runId,
      number: view.decision,
      trial: trial.number,
      policy,
      proposal,
      planVersion: view.plan.version,
      memoryVersion: view.memory?.version ?? null,
      spaceTotal: state.spaceTotal,
      createdAt: trial.createdAt,
    });
    await tell(transaction, trial, proposal, view);
    return true;
  });
}

async function tell(store: Store, trial: Trial, proposal: Proposal, view: RunView): Promise<void> {
  const { runId, number } = trial;
  for (const note of proposal.notes) {
    await store.events.append({ runId, kind: note.kind, actor: "selector", trial: number, text: note.detail, fields: {} });
  }
  await store.events.append({
    runId,
    kind: "trial-select",
    actor: proposal.chosenBy,
    trial: number,
    text: `Trial ${number}: ${describeAction(trial.action)}. ${proposal.reason}`,
    fields: { decision: view.decision, mode: proposal.mode, key: trial.key },
  });
}
