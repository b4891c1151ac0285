import { describeAction } from "../action/describe-action.ts";
import { variedSettings } from "../action/varied-settings.ts";
import type { EffectUsed, Prediction } from "../policy/policy.ts";
import type { Decision } from "../store/store.ts";
import type { RunFacts } from "./run-facts.ts";
import type { Alternative, DecisionFacts, EvidenceTrial } from "./why-facts.ts";

/** Alternatives told; a decision keeps up to 20. */
const alternativesTold = 5;

const overlap = (a: Prediction | null, b: Prediction | null) => (a === null || b === null ? null : a.low <= b.high && b.low <= a.high);

async function evidenceTrials(facts: RunFacts, numbers: readonly number[]): Promise<EvidenceTrial[]> {
  const found: EvidenceTrial[] = [];
  for (const number of [...new Set(numbers)].toSorted((a, b) => a - b)) {
    const trial = await facts.store.trials.find(facts.run.id, number);
    if (trial === null) continue;
    const score = trial.model === null ? null : await facts.score(trial.model);
    found.push({ number, phrase: describeAction(trial.action), model: trial.model, score });
  }
  return found;
}

async function existing({ store, run }: RunFacts, numbers: readonly number[]): Promise<number[]> {
  const found: number[] = [];
  for (const number of numbers) if ((await store.trials.find(run.id, number)) !== null) found.push(number);
  return found;
}

/** What the store knows of a decision: only trials that exist are cited. */
export async function decisionFacts(facts: RunFacts, decision: Decision): Promise<DecisionFacts> {
  const { store, run } = facts;
  const { proposal } = decision;
  const [chosen, ...others] = proposal.candidates;
  const prediction = chosen?.prediction ?? null;
  const alternatives: Alternative[] = others.slice(0, alternativesTold).map((candidate) => ({
    phrase: describeAction(candidate.action, variedSettings(run.config, candidate.action.type)),
    prediction: candidate.prediction,
    overlaps: overlap(prediction, candidate.prediction),
  }));
  const memory = decision.memoryVersion === null ? null : await store.memories.find(run.id, decision.memoryVersion);
  const plan = (await store.plans.list(run.id)).find((each) => each.version === decision.planVersion) ?? null;
  const evidence = await evidenceTrials(facts, proposal.evidence);
  const effects: EffectUsed[] = [];
  for (const effect of proposal.effects) effects.push({ ...effect, trials: await existing(facts, effect.trials) });
  return {
    number: decision.number,
    policy: decision.policy,
    chosenBy: proposal.chosenBy,
    mode: proposal.mode,
    reason: proposal.reason,
    prediction,
    alternatives,
    considered: proposal.candidatesConsidered,
    spaceTotal: decision.spaceTotal,
    evidence,
    effects,
    memory:
      memory === null
        ? null
        : { version: memory.version, trial: memory.trial, experience: memory.experience, directions: memory.directions },
    plan: plan === null ? null : { version: plan.version, phase: plan.phase, focus: plan.focus },
    notes: proposal.notes.map((note) => `${note.kind}: ${note.detail}`),
  };
}
