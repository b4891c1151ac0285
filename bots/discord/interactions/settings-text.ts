import type { Setting } from "#src/action/action.ts";
import { UserInputError } from "#src/errors.ts";

const textOf = (value: Setting[string] | undefined) => (Array.isArray(value) ? value.join(", ") : String(value));

/** Settings as lines that a person can change: `learning_rate: 0.001`, `weights: 0.3, 0.7`. */
export function formatSettings(setting: Setting): string {
  return Object.entries(setting)
    .map(([name, value]) => `${name}: ${textOf(value)}`)
    .join("\n");
}

/** What a person made of a list of ids; undefined when it is as it was. */
export function readIds(text: string | undefined, before: readonly string[]): string[] | undefined {
  if (text === undefined) return undefined;
  const ids = text.split(/[\s,]+/).filter((id) => id !== "");
  return ids.join() === before.join() ? undefined : ids;
}

/**
 * What a person changed in such lines, by name.
 * @throws UserInputError for a line that is no `name: value`.
 */
export function readSettings(text: string, before: Setting): Record<string, string> {
  const changes: Record<string, string> = {};
  for (const line of text.split("\n").filter((each) => each.trim() !== "")) {
    const [, name, value] = /^\s*([\w.]+)\s*[:=]\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined)
      throw new UserInputError(`"${line.trim()}" is no setting: write name: value, one a line.`);
    if (textOf(before[name]) !== value) changes[name] = value;
  }
  return changes;
}
