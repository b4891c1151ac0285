import type { Intent, Wish } from "./intent.ts";

/** Questions that need no run. */
export type GeneralQuestion = Extract<Intent, { kind: "help" | "runs" | "info" | "sources" }>;
/** Questions about one run: answered from its records. */
export type RunQuestion = Exclude<Intent, GeneralQuestion | Wish | { kind: "decide" }>;

const wishes = new Set<Intent["kind"]>([
  "start",
  "add",
  "change-budget",
  "steer",
  "standing",
  "revoke-standing",
  "revoke",
  "cancel",
  "control",
]);
const general = new Set<Intent["kind"]>(["help", "runs", "info", "sources"]);

/** Whether it changes something, and so becomes a proposal. */
export function isWish(intent: Intent): intent is Wish {
  return wishes.has(intent.kind);
}

/** Whether it is answered without a run. */
export function isGeneral(intent: Intent): intent is GeneralQuestion {
  return general.has(intent.kind);
}
