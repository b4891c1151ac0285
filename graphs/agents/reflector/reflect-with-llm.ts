import { describeAction } from "#src/action/describe-action.ts";
import { weigh } from "#src/memory/experience.ts";
import { formatScore } from "#src/memory/format-score.ts";
import type { MemoryVersion } from "#src/memory/memory.ts";
import { directionsLimit, experienceLimit, lessonLimit, writeMemory, type WriteMemoryInput } from "#src/memory/write-memory.ts";
import { askChecked } from "../ask-checked.ts";
import type { LlmCaller } from "../llm/llm-caller.ts";
import { reflectorTurns, type ReflectorBriefing } from "./prompts.ts";
import { memoryAnswerSchema } from "./schema.ts";

/** Latest trials that the prompt lists: its size must not grow with the run. */
const shownTrials = 12;

function briefing(input: WriteMemoryInput, goal: string, rules: MemoryVersion): ReflectorBriefing {
  const { view, previous } = input;
  return {
    goal,
    previousExperience: previous?.experience ?? "",
    previousDirections: previous?.directions ?? "",
    lesson: rules.lesson,
    experience: rules.experience,
    directions: rules.directions,
    history: view.trials.slice(-shownTrials).map((trial) => {
      const outcome =
        trial.scores === null
          ? `failed (${trial.failure ?? "unknown"})`
          : `${trial.model ?? "?"} ${formatScore(weigh(trial.scores, view.weights))}`;
      return `trial ${trial.number}: ${describeAction(trial.action)} → ${outcome}`;
    }),
    failures: rules.failures.map((failure) => `${failure.reason} ${failure.count}× (trials ${failure.trials.join(", ")})`),
  };
}

/**
 * The reflector as a language model: writes the prose; effects and failures stay the measured ones.
 * @throws LlmFault when there is no usable answer.
 */
export async function reflectWithLlm(
  caller: LlmCaller,
  input: WriteMemoryInput,
  goal: string,
  signal?: AbortSignal,
): Promise<MemoryVersion> {
  const rules = writeMemory(input);
  const turns = reflectorTurns(briefing(input, goal, rules));
  const answer = await askChecked(
    { caller, question: { role: "reflector", name: "memory", schema: memoryAnswerSchema, turns, signal }, view: input.view },
    ({ experience, directions, lesson }) => `${experience} ${directions} ${lesson}`,
  );
  return {
    ...rules,
    experience: answer.experience.slice(0, experienceLimit),
    directions: answer.directions.slice(0, directionsLimit),
    lesson: answer.lesson.slice(0, lessonLimit),
    by: caller.model,
  };
}
