import type { ObservedTrial, PolicyView, Prediction } from "../policy/policy.ts";
import { describeDirections } from "./describe-directions.ts";
import { describeExperience } from "./describe-experience.ts";
import { describeLesson } from "./describe-lesson.ts";
import type { Experience } from "./experience.ts";
import type { MemoryVersion } from "./memory.ts";

/** What a reflector may know after a trial; the LLM's reflector takes the same. */
export interface WriteMemoryInput {
  /** The version before, null after the first trial. */
  previous: MemoryVersion | null;
  /** The trial that has just finished; `experience` and `view` hold it already. */
  trial: ObservedTrial;
  /** What the policy predicted for it; null when it did not predict, as for baselines. */
  prediction: Prediction | null;
  experience: Experience;
  view: PolicyView;
}

export const experienceLimit = 1200;
export const directionsLimit = 800;
export const lessonLimit = 400;
const effectsLimit = 60;

/** The rule-based reflector: the next memory version, as an agent would write it. Pure; its time does not grow with the run. */
export function writeMemory(input: WriteMemoryInput): MemoryVersion {
  return {
    version: (input.previous?.version ?? 0) + 1,
    trial: input.trial.number,
    experience: clip(describeExperience(input), experienceLimit),
    directions: clip(describeDirections(input), directionsLimit),
    lesson: clip([describeLesson(input)], lessonLimit),
    effects: input.experience.effects.top(effectsLimit),
    failures: input.experience.failures.top(),
    by: "rules",
  };
}

/** As many whole sentences, the most important first, as the limit holds. */
function clip(sentences: readonly string[], limit: number): string {
  let text = "";
  for (const sentence of sentences) {
    const longer = text === "" ? sentence : `${text} ${sentence}`;
    if (longer.length > limit) {
      if (text === "") return `${sentence.slice(0, limit - 1)}…`;
      continue;
    }
    text = longer;
  }
  return text;
}
