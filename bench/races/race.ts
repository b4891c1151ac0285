import { decideApproval } from "#src/approval/decide-approval.ts";
import { expireApprovals } from "#src/approval/expire-approvals.ts";
import { admit } from "#src/budget/admission.ts";
import { UserInputError } from "#src/errors.ts";
import type { Rng } from "#src/policy/rng.ts";
import { decide } from "#src/service/decide.ts";
import type { Approval, Run, Store } from "#src/store/store.ts";
import { sampleApproval, sampleEstimate, sampleJob, sampleTrial } from "#tests/conformance/store/samples.ts";

/** What one race came to. */
export interface RaceOutcome {
  state: Approval["state"];
  /** Of the people and the clock together: 1 in a sound race. */
  winners: number;
  losers: number;
  /** Losers who were told who or what was first. */
  told: number;
  /** Jobs that were made while the question was open, or after a no. */
  unapprovedJobs: number;
  /** Jobs under the approval once it was given: 1 in a sound race. */
  approvedJobs: number;
}

interface Race {
  /** Two connections to one database: a click may come by either. */
  stores: readonly [Store, Store];
  run: Run;
  number: number;
  rng: Rng;
  clock: { now: Date };
}

const msToAnswer = 60_000;

/** Comes after a few turns of the event loop, so that no order is the rule. */
async function afterTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** A conductor that tries to start the job: made only where admission lets it. */
async function startJob(
  store: Store,
  run: Run,
  { number, key, attempt, now }: { number: number; key: string; attempt: string; now: Date },
) {
  return store.transaction(async (inside) => {
    const estimate = { ...sampleEstimate, deviceHoursP90: 1 };
    const admission = await admit(inside, { run: run.id, trial: number, batch: null, key, estimate, now });
    if (admission.verdict !== "admitted") return null;
    return inside.jobs.create(sampleJob(attempt, key, { runId: run.id, trial: number, estimate, approvalId: admission.approvalId }));
  });
}

/** Several approvers click Approve and Reject on one card while the terminal decides and the card expires. */
export async function runRace({ stores, run, number, rng, clock }: Race): Promise<RaceOutcome> {
  const [store] = stores;
  const key = `race-${number}`;
  const id = `${run.id}-a${number}`;
  const trial = await store.trials.create(sampleTrial(key, { runId: run.id }));
  if (trial === null) throw new Error(`trial ${number} could not be made`);
  const expiresAt = new Date(clock.now.getTime() + msToAnswer).toISOString();
  const estimate = { ...sampleEstimate, deviceHoursP90: 1 };
  const createdAt = clock.now.toISOString();
  await store.approvals.create(sampleApproval(id, key, { runId: run.id, trial: trial.number, estimate, createdAt, expiresAt }));

  const side = () => stores[rng.below(2) === 0 ? 0 : 1];
  const approvers = ["ana", "ben", "cy", "dee"].slice(0, 2 + rng.below(3));
  const clicks = approvers.map((by) => {
    const [to, at, turns] = [rng.below(2) === 0 ? ("approved" as const) : ("rejected" as const), side(), rng.below(6)];
    const click = { id, key, to, by, person: `discord:${by}`, role: "approver", reason: null } as const;
    return afterTurns(turns).then(() => decideApproval(at, { ...click, now: clock.now }));
  });
  const atTerminal = { which: id, to: rng.below(2) === 0 ? "approved" : "rejected", by: "owner", role: "owner", reason: null } as const;
  const terminal = afterTurns(rng.below(6)).then(() => decide(store, run, atTerminal));
  const expires = rng.below(2) === 0;
  const expiry = afterTurns(rng.below(4)).then(async () => {
    if (!expires) return [];
    clock.now = new Date(Date.parse(expiresAt) + 1);
    return expireApprovals(side(), run.id, clock.now);
  });
  const early = startJob(side(), run, { number: trial.number, key, attempt: `${key}-1`, now: clock.now });

  const people = await Promise.allSettled([...clicks, terminal]);
  const expired = (await expiry).filter((approval) => approval.id === id).length;
  const earlyJob = await early;
  const approval = await store.approvals.find(id);
  if (approval === null) throw new Error(`approval ${id} is gone`);
  if (earlyJob === null) await startJob(store, run, { number: trial.number, key, attempt: `${key}-2`, now: clock.now });
  const jobs = await store.jobs.ofKey(key);
  const underIt = jobs.filter(({ approvalId }) => approvalId === id && approval.state === "approved").length;
  const lost = people.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
  const firstWord = approval.state === "expired" ? "expired" : `was ${approval.state} by ${approval.decidedBy ?? ""}`;
  const told = lost.filter((error) => error instanceof UserInputError && error.message.includes(firstWord)).length;
  for (const { attempt } of jobs) await store.jobs.update(attempt, { state: "finished", outcome: "finished", deviceSeconds: 1 });
  return {
    state: approval.state,
    winners: people.length - lost.length + expired,
    losers: lost.length,
    told,
    unapprovedJobs: jobs.length - underIt,
    approvedJobs: underIt,
  };
}
