import { describeAction } from "../action/describe-action.ts";
import { variedSettings } from "../action/varied-settings.ts";
import type { Prediction } from "../policy/policy.ts";
import type { Decision, Store } from "../store/store.ts";
import type { RunFacts } from "./run-facts.ts";
import type { Alternative, DecisionFacts, EvidenceTrial } from "./why-facts.ts";

/** Alternatives told; a decision keeps up to 20. */
const alternativesTold = 5;

const overlap = (a: Prediction | null, b: Prediction | null) => (a === null || b === null ? null : a.low <= b.high && b.low <= a.high);

function evidenceTrials(facts: RunFacts, numbers: readonly number[]): EvidenceTrial[] {
  return [...new Set(numbers)]
    .toSorted((a, b) => a - b)
    .flatMap((number) => {
      const trial = facts.trials.get(number);
      if (trial === undefined) return [];
      const score = trial.model === null ? null : (facts.scores.get(trial.model) ?? null);
      return [{ number, phrase: describeAction(trial.action), model: trial.model, score }];
    });
}

/** What the store knows of a decision: only trials that exist are cited. */
export async function decisionFacts(store: Store, facts: RunFacts, decision: Decision): Promise<DecisionFacts> {
  const { proposal } = decision;
  const [chosen, ...others] = proposal.candidates;
  const prediction = chosen?.prediction ?? null;
  const alternatives: Alternative[] = others.slice(0, alternativesTold).map((candidate) => ({
    phrase: describeAction(candidate.action, variedSettings(facts.run.config, candidate.action.type)),
    prediction: candidate.prediction,
    overlaps: overlap(prediction, candidate.prediction),
  }));
  const memory = decision.memoryVersion === null ? null : await store.memories.find(facts.run.id, decision.memoryVersion);
  const plan = (await store.plans.list(facts.run.id)).find((each) => each.version === decision.planVersion) ?? null;
  const known = (trial: number) => facts.trials.has(trial);
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
    evidence: evidenceTrials(facts, proposal.evidence),
    effects: proposal.effects.map((effect) => ({ ...effect, trials: effect.trials.filter(known) })),
    memory:
      memory === null
        ? null
        : { version: memory.version, trial: memory.trial, experience: memory.experience, directions: memory.directions },
    plan: plan === null ? null : { version: plan.version, phase: plan.phase, focus: plan.focus },
    notes: proposal.notes.map((note) => `${note.kind}: ${note.detail}`),
  };
}
