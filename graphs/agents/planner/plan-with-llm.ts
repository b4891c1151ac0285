import { formatInterval, formatScore } from "#src/memory/format-score.ts";
import { weigh } from "#src/memory/experience.ts";
import { makePlan, type MakePlanInput } from "#src/memory/make-plan.ts";
import type { Plan } from "#src/memory/plan.ts";
import { askChecked } from "../ask-checked.ts";
import type { LlmCaller } from "../llm/llm-caller.ts";
import { plannerTurns, type PlannerBriefing } from "./prompts.ts";
import { planAnswerSchema } from "./schema.ts";

/** Effects that the planner's prompt shows. */
const shownEffects = 20;

function briefing(input: MakePlanInput, goal: string, draft: Plan): PlannerBriefing {
  const { view, experience } = input;
  return {
    goal,
    tasks: view.tasks,
    trialsDone: view.budget.trialsDone,
    trialsLeft: view.budget.trialsLeft,
    noiseFloor: view.noiseFloor,
    draft: `${draft.phase}: ${draft.focus}`,
    memory: view.memory === null ? "empty" : `${view.memory.experience} Promising: ${view.memory.directions}`,
    standouts: experience.standouts.map(
      ({ model, trial, scores }) =>
        `${model} ${formatScore(weigh(scores, view.weights))} (${trial === null ? "base" : `trial ${trial}`}; ${Object.entries(scores)
          .map(([task, score]) => `${task} ${formatScore(score)}`)
          .join(", ")})`,
    ),
    effects: experience.effects.top(shownEffects).map((effect) => `${effect.name}: ${formatInterval(effect)}, ${effect.count} trials`),
  };
}

/**
 * The planner as a language model: words and extends the rules' plan. Phases that the rules alone decide (baselines,
 * confirm at the end, stop) are left as they are, without a call.
 * @throws LlmFault when there is no usable answer.
 */
export async function planWithLlm(caller: LlmCaller, input: MakePlanInput, goal: string, signal?: AbortSignal): Promise<Plan> {
  const draft = makePlan(input);
  if (draft.phase === "baselines" || draft.phase === "confirm" || draft.phase === "stop") return draft;
  const turns = plannerTurns(briefing(input, goal, draft));
  const answer = await askChecked(
    { caller, question: { role: "planner", name: "plan", schema: planAnswerSchema, turns, signal }, view: input.view },
    ({ focus }) => focus,
    ({ tasks }) => tasks.filter((task) => !input.view.tasks.includes(task)),
  );
  return { ...draft, phase: answer.phase, focus: answer.focus.slice(0, 600), tasks: answer.tasks, by: caller.model };
}
