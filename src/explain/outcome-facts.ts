import type { PoolModel } from "../pool/objects.ts";
import type { Prediction } from "../policy/policy.ts";
import { comparePaired, compareTask, measure, type OutcomesByTask } from "../score/compare.ts";
import { readOutcomes } from "../score/read-outcomes.ts";
import type { Store, Trial } from "../store/store.ts";
import type { RunFacts } from "./run-facts.ts";
import type { Subject } from "./find-subject.ts";
import type { OutcomeFacts } from "./why-facts.ts";

type Comparison = Pick<OutcomeFacts, "score" | "parent" | "difference" | "tasks">;

const nothing: Comparison = { score: null, parent: null, difference: null, tasks: [] };

function isComplete(facts: RunFacts, outcomes: OutcomesByTask): boolean {
  return facts.weights.every(({ task, weight }) => weight === 0 || outcomes.has(task));
}

/** The better parent by aggregate: what a child has to beat. */
function betterParent(facts: RunFacts, model: PoolModel): PoolModel | null {
  const ranked = model.parents.toSorted((a, b) => (facts.scores.get(b) ?? -Infinity) - (facts.scores.get(a) ?? -Infinity));
  return facts.models.get(ranked[0] ?? "") ?? null;
}

async function compareWithParent(store: Store, facts: RunFacts, model: PoolModel): Promise<Comparison> {
  const own = await readOutcomes(store, facts.run, model, "search");
  if (!isComplete(facts, own)) return nothing;
  const score = measure(own, facts.weights, "search");
  const parent = betterParent(facts, model);
  const others = parent === null ? null : await readOutcomes(store, facts.run, parent, "search");
  if (parent === null || others === null || !isComplete(facts, others)) return { ...nothing, score };
  const tasks = facts.weights.flatMap(({ task, maximum }) => {
    const a = own.get(task);
    const b = others.get(task);
    return a === undefined || b === undefined ? [] : [{ task, difference: compareTask(a, b, maximum, "search") }];
  });
  return { score, parent: parent.id, difference: comparePaired(own, others, facts.weights, "search"), tasks };
}

/** What came of a trial, paired against its better parent, and whether the prediction held. */
export async function outcomeFacts(
  store: Store,
  facts: RunFacts,
  subject: Subject & { trial: Trial },
  prediction: Prediction | null,
): Promise<OutcomeFacts> {
  const { trial, model } = subject;
  const comparison = model === null ? nothing : await compareWithParent(store, facts, model);
  const mean = comparison.score?.mean;
  return {
    state: trial.state,
    failure: trial.failure,
    detail: trial.detail,
    ...comparison,
    predictionHeld: prediction === null || mean === undefined ? null : prediction.low <= mean && mean <= prediction.high,
    learnt: trial.learnt,
    fromCache: trial.fromCache,
  };
}
