import { describeAction } from "../action/describe-action.ts";
import { variedSettings } from "../action/varied-settings.ts";
import type { Lineage } from "../pipeline/lineage.ts";
import { readLineage } from "../pipeline/read-lineage.ts";
import { describeOverlap } from "../pool/overlap-gate.ts";
import type { Run, Store, Trial } from "../store/store.ts";
import { approvalFacts } from "./approval-facts.ts";
import { decisionFacts } from "./decision-facts.ts";
import { findSubject, type Subject } from "./find-subject.ts";
import { outcomeFacts } from "./outcome-facts.ts";
import { predictionOf } from "./prediction-of.ts";
import { RunFacts } from "./run-facts.ts";
import type { WhyFacts } from "./why-facts.ts";

/** How trials that no policy chose came about. */
const origins: Readonly<Record<Trial["kind"], string | null>> = {
  chosen: null,
  baseline: "It is a fixed baseline, measured in every run before the search: no policy chose it, so there is no decision record.",
  repeat: "It repeats another action with a new training seed to measure the noise: no policy chose it, so there is no decision record.",
  confirm: "It re-trains a candidate with a new training seed to confirm it: no policy chose it, so there is no decision record.",
  replay: "It is a step of a replayed recipe: no policy chose it, so there is no decision record.",
};

function missingOf(subject: Subject, facts: Pick<WhyFacts, "decision">): string[] {
  const { model, trial } = subject;
  if (trial === null) {
    if (model !== null && model.trial !== null) return [`The record of trial ${model.trial}, which made it, is missing.`];
    return ["It is a base model from the config: nobody chose it in this run, so there is no decision record."];
  }
  if (facts.decision !== null) return [];
  return [origins[trial.kind] ?? `The decision record of trial ${trial.number} is missing: why it was chosen cannot be said.`];
}

/** What of the data behind a model stands in splits of tasks. */
async function overlapsOf(store: Store, run: Run, lineage: Lineage | null): Promise<WhyFacts["overlaps"]> {
  const used = new Set(lineage?.nodes.flatMap(({ action }) => action?.datasets ?? []));
  if (used.size === 0) return [];
  return (await store.objects.datasets(run.id)).flatMap((dataset) => {
    const text = used.has(dataset.id) ? describeOverlap(dataset) : null;
    return text === null ? [] : [{ dataset: dataset.id, text }];
  });
}

/**
 * Collects what is on record behind a choice. Nothing is guessed: what is not on record stands in `missing`.
 * @param idOrTrial `m24`, a base's name, a trial's number, or `best`.
 * @throws UserInputError when the run has no such model or trial.
 */
export async function explainModel(store: Store, run: Run, idOrTrial: string | number): Promise<WhyFacts> {
  const facts = await RunFacts.open(store, run);
  const subject = await findSubject(facts, String(idOrTrial));
  const { model, trial } = subject;
  const record = trial === null ? null : await store.decisions.ofTrial(run.id, trial.number);
  const decision = record === null ? null : await decisionFacts(facts, record);
  const lineage = model === null ? null : (await readLineage(store, run, model.id)).lineage;
  return {
    run: { id: run.id, name: run.name },
    model: model?.id ?? null,
    baseName: model?.name ?? null,
    trial: trial?.number ?? null,
    kind: trial?.kind ?? null,
    label: trial?.label ?? null,
    action: trial?.action ?? null,
    phrase: trial === null ? null : describeAction(trial.action, variedSettings(run.config, trial.action.type)),
    decision,
    approval: trial === null ? null : await approvalFacts(store, trial),
    outcome: trial === null ? null : await outcomeFacts(facts, { model, trial }, predictionOf(trial, record)),
    lineage,
    overlaps: await overlapsOf(store, run, lineage),
    missing: missingOf(subject, { decision }),
  };
}
