import type { Figure } from "#src/explain/answers/plot-answer.ts";

/** Limits that people have words for. */
export const saidLimits = ["trials", "steps", "device_hours", "usd"] as const;

/** A budget in a person's words: absolute, or by how much it changes. */
export interface BudgetWords extends Partial<Record<(typeof saidLimits)[number], number>> {
  /** `to`: the new limit; `by`: so much more. */
  mode: "to" | "by";
}

/** Something that is to join a run, by its name in the owner's catalogue. */
export interface AddedWord {
  /** Null where the person did not say what it is. */
  section: "models" | "datasets" | "tasks" | null;
  name: string;
}

/** What a person wishes that changes something. */
export type Wish =
  | { kind: "start"; text: string; template: string | null; budget: BudgetWords }
  | { kind: "add"; objects: AddedWord[] }
  | { kind: "change-budget"; budget: BudgetWords }
  | { kind: "steer"; text: string }
  /** `sft up to 5 device-hours until 2026-12-01`: a yes beforehand. */
  | { kind: "standing"; text: string }
  /** A yes beforehand is taken back: `s2`, or the kind of action that it is for, or `everything`. */
  | { kind: "revoke-standing"; which: string }
  | { kind: "revoke"; wish: number }
  | { kind: "cancel"; trial: number }
  | { kind: "control"; to: "pause" | "resume" | "stop" };

/**
 * What a message asks for. `about` holds a person's words for a model or trial ("this merge", "the best one", "m24"):
 * `resolveSubject` finds what they mean.
 */
export type Intent =
  | { kind: "status" }
  | { kind: "runs" }
  | { kind: "leaderboard"; limit: number }
  | { kind: "compare"; a: string; b: string }
  | { kind: "why"; about: string }
  | { kind: "why-not"; about: string }
  | { kind: "learned"; about: string }
  | { kind: "next" }
  | { kind: "changes"; since: string }
  | { kind: "plot"; figure: Figure; about: string }
  | { kind: "recipe"; about: string }
  | { kind: "budget" }
  | { kind: "trials"; about: string; isFailed: boolean }
  | { kind: "tail"; about: string }
  | { kind: "waiting" }
  | { kind: "wishes" }
  | { kind: "sources" }
  | { kind: "info" }
  | { kind: "help" }
  | Wish
  | { kind: "decide" };

/** Reads one kind of sentence; null when the text is another. `said` is as the person wrote it, `text` in lower case. */
export type Form = (text: string, said: string) => Intent | null;
