import type { CardButton } from "#src/card/card.ts";

/** What a button or modal is about: an action on an approval or proposal, as it was when the card was drawn. */
export interface CustomId {
  action: CardButton["action"];
  /** Id of an approval (`three-skills.1-a3`) or a proposal (`p7`). */
  subject: string;
  /** The beginning of the key that was shown; empty where there is none. */
  key: string;
}

/** So much of a key tells two actions of one approval apart. */
const keyLength = 12;
const form = /^t1:(approve|edit|reject|details|start|change|cancel|confirm):([A-Za-z0-9._-]{1,75}):([0-9a-zA-Z_-]{0,12})$/;
const actions = ["approve", "edit", "reject", "details", "start", "change", "cancel", "confirm"] as const;

/** `t1:approve:three-skills.1-a3:0f3a…`: within Discord's 100 characters. */
export function formatCustomId({ action, subject, key }: CustomId): string {
  return `t1:${action}:${subject}:${key.slice(0, keyLength)}`;
}

/** Reads a custom id; null for anything that Temper did not write. Nothing in it is trusted but as a name to look up. */
export function parseCustomId(text: string): CustomId | null {
  const [, word, subject, key] = form.exec(text) ?? [];
  const action = actions.find((each) => each === word);
  return action === undefined || subject === undefined || key === undefined ? null : { action, subject, key };
}
