import { canonicalAction } from "#src/action/canonical-action.ts";
import type { Action, ActionTypeName, Setting } from "#src/action/action.ts";
import type { Candidate, PolicyView } from "#src/policy/policy.ts";
import { describeBelowBase, parentsBelowBase } from "#src/policy/below-base.ts";
import type { LlmFaultKind } from "../llm/llm-fault.ts";
import type { ObjectsAnswer } from "./schema.ts";

interface Lists {
  view: PolicyView;
  type: ActionTypeName;
  settings: ReadonlyMap<string, Setting>;
  candidates: ReadonlyMap<string, Candidate>;
  mayOverride: boolean;
}

type Resolved = { kind: "action"; action: Action; candidate: Candidate | null } | { kind: "problem"; fault: LlmFaultKind; problem: string };

function problem(fault: LlmFaultKind, text: string): Resolved {
  return { kind: "problem", fault, problem: text };
}

function unknownIds(ids: readonly string[], known: readonly { id: string }[]): string[] {
  const names = new Set(known.map((object) => object.id));
  return ids.filter((id) => !names.has(id));
}

/** Turns an answer's ids into an action, or says what is wrong with it in words that the model can act on. */
export function resolveObjects(answer: ObjectsAnswer, lists: Lists): Resolved {
  const { view, type, settings, candidates } = lists;
  if (answer.candidate !== null) {
    const candidate = candidates.get(answer.candidate);
    if (candidate !== undefined) return { kind: "action", action: candidate.action, candidate };
    return problem("unknown_id", `there is no candidate "${answer.candidate}"; listed are ${[...candidates.keys()].join(", ") || "none"}`);
  }
  if (!lists.mayOverride) return problem("invalid_action", "the quota of overrides is used up: take a candidate by its id");
  const unknown = [...unknownIds(answer.models, view.models), ...unknownIds(answer.datasets, view.datasets)];
  if (unknown.length > 0) return problem("unknown_id", `there is no ${unknown.join(", no ")} in the pool`);
  const setting = settings.size === 1 ? [...settings.values()][0] : settings.get(answer.setting ?? "");
  if (setting === undefined)
    return problem("unknown_id", `there is no setting "${answer.setting}"; listed are ${[...settings.keys()].join(", ")}`);
  const action = canonicalAction({
    type,
    models: answer.models,
    datasets: answer.datasets,
    setting,
    seed: 0,
    fidelity: view.plan.fidelity,
  });
  const validity = view.space.check(action);
  if (!validity.valid) return problem("invalid_action", validity.reason);
  const unsaid = parentsBelowBase(action, view).filter((id) => !namesModel(answer.reason, id));
  if (unsaid.length === 0) return { kind: "action", action, candidate: null };
  return problem(
    "invalid_action",
    `${describeBelowBase(unsaid, view)}: take another model, or name it in your reason and say why it is worth it`,
  );
}

function namesModel(text: string, id: string): boolean {
  return new RegExp(`\\b${id}\\b`).test(text);
}
