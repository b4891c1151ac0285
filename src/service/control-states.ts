import { UserInputError } from "../errors.ts";
import type { Run, RunState } from "../store/store.ts";

/** What people tell a run to do. */
export type Control = "pause" | "resume" | "stop";

const verbs = { pause: "paused", resume: "resumed", stop: "stopped" } as const;

/** The states in which a run takes each of them. */
export const controlStates: Readonly<Record<Control, readonly RunState[]>> = {
  pause: ["running"],
  resume: ["paused", "stopping", "stopped", "failed"],
  stop: ["running", "paused", "stopping"],
};

/** The refusal of what a run in its state cannot do: `three-skills is paused: only a run that is running can be paused.` */
export function refusedControl(control: Control, { id, name, state }: Pick<Run, "id" | "name" | "state">): UserInputError {
  const message = `${name} is ${state}: only a run that is ${listWords(controlStates[control])} can be ${verbs[control]}.`;
  return new UserInputError(message, { run: id, state }, "conflict");
}

function listWords(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}
