import { actionTypes } from "../../action/action-types.ts";
import { type Action, fullFidelity, isMerge } from "../../action/action.ts";
import { describeAction, describeMethod } from "../../action/describe-action.ts";
import { citeTrials } from "../../memory/cite-trials.ts";
import { formatChange, formatInterval, formatScore } from "../../memory/format-score.ts";
import type { EffectUsed, PolicyView, Prediction, Proposal } from "../policy.ts";

export interface ExplainInput {
  action: Action;
  view: PolicyView;
  prediction: Prediction | null;
  effects: readonly EffectUsed[];
  mode: Proposal["mode"];
  next: Proposal["next"];
  /** What the posterior means alone would have chosen. */
  byMeans: { action: Action; prediction: Prediction | null };
}

/** Why this action, in plain sentences that cite trials: prediction, what it rests on, what is hoped for, and whether it was a draw. */
export function explainChoice({ action, view, prediction, effects, mode, next, byMeans }: ExplainInput): string {
  const sentences = [
    prediction === null
      ? `The policy chose ${describeAction(action)}.`
      : `The policy predicted ${formatInterval(prediction)} for ${describeAction(action)}, ${because(action, view, effects)}.`,
  ];
  if (next.length > 0) sentences.push(`It hopes to go on with ${next.map(nextStep).join(", then ")}.`);
  if (mode === "explore" && byMeans.prediction !== null) {
    sentences.push(
      `By the means alone ${describeAction(byMeans.action)} (${formatScore(byMeans.prediction.mean)}) and what may follow it was ahead; exploration (Thompson draw) decided for this one.`,
    );
  }
  return sentences.join(" ");
}

function because(action: Action, view: PolicyView, effects: readonly EffectUsed[]): string {
  const trials = effects[0]?.trials ?? [];
  const expected = effects
    .filter((effect) => Math.abs(effect.mean) >= 0.005)
    .slice(0, 2)
    .map((effect) => `${effect.name.split(" → ")[1] ?? ""} ${formatChange(effect.mean)}`);
  const change = expected.length === 0 ? "little change" : expected.join(" and ");
  const kind = kindOf(action);
  const known =
    trials.length === 0
      ? `no trial has shown ${kind} yet, and what else is known suggests ${change}`
      : `${kind} so far ${isMerge(action.type) ? "make" : "makes"} it expect ${change} (${citeTrials(trials)})`;
  return isMerge(action.type) ? `because ${strengths(action, view)}${known}` : `because ${known}`;
}

/** `SFT on common`, `a TIES merge`. */
function nextStep({ type, datasets }: Proposal["next"][number]): string {
  const method = describeMethod({ type, models: [], datasets, setting: {}, seed: 0, fidelity: fullFidelity });
  return isMerge(type) ? `a ${method}` : method;
}

/** `SFT on common`, `TIES merges`. */
function kindOf(action: Action): string {
  return isMerge(action.type) ? `${actionTypes[action.type].title}s` : `${action.type.toUpperCase()} on ${action.datasets.join(" and ")}`;
}

/** `m17 leads on math and m9 on common; `: what each parent of a merge brings. */
function strengths(action: Action, view: PolicyView): string {
  const best = new Map<string, string[]>();
  for (const task of view.tasks) {
    const [leader] = action.models.toSorted((a, b) => (view.scores.get(b)?.[task] ?? 0) - (view.scores.get(a)?.[task] ?? 0));
    if (leader !== undefined) best.set(leader, [...(best.get(leader) ?? []), task]);
  }
  if (best.size < 2) return "";
  return `${[...best].map(([model, tasks]) => `${model} is ahead on ${tasks.join(" and ")}`).join(", ")}; `;
}
