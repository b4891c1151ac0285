import type { PoolModel } from "../pool/objects.ts";
import type { Prediction } from "../policy/policy.ts";
import { comparePaired, compareTask } from "../score/compare.ts";
import type { Trial } from "../store/store.ts";
import type { Subject } from "./find-subject.ts";
import type { RunFacts } from "./run-facts.ts";
import type { OutcomeFacts } from "./why-facts.ts";

type Comparison = Pick<OutcomeFacts, "score" | "parent" | "difference" | "tasks">;

const nothing: Comparison = { score: null, parent: null, difference: null, tasks: [] };

/** The better parent by aggregate: what a child has to beat. */
async function betterParent(facts: RunFacts, model: PoolModel): Promise<PoolModel | null> {
  let best: { id: string; score: number } | null = null;
  for (const id of model.parents) {
    const score = await facts.score(id);
    if (score !== null && (best === null || score > best.score)) best = { id, score };
  }
  const parent = best === null ? null : await facts.store.objects.find(facts.run.id, best.id);
  return parent?.kind === "model" ? parent : null;
}

async function compareWithParent(facts: RunFacts, model: PoolModel): Promise<Comparison> {
  const { scores } = facts;
  const own = await scores.outcomes(model);
  if (own === null) return nothing;
  const score = scores.measure(own);
  const parent = await betterParent(facts, model);
  const others = parent === null ? null : await scores.outcomes(parent);
  if (parent === null || others === null) return { ...nothing, score };
  const tasks = scores.weights.flatMap(({ task, maximum }) => {
    const a = own.get(task);
    const b = others.get(task);
    return a === undefined || b === undefined ? [] : [{ task, difference: compareTask(a, b, maximum, "search") }];
  });
  return { score, parent: parent.id, difference: comparePaired(own, others, scores.weights, "search"), tasks };
}

/** What came of a trial, paired against its better parent, and whether the prediction held. */
export async function outcomeFacts(
  facts: RunFacts,
  { trial, model }: Subject & { trial: Trial },
  prediction: Prediction | null,
): Promise<OutcomeFacts> {
  const comparison = model === null ? nothing : await compareWithParent(facts, model);
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
