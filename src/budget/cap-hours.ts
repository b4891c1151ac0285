import type { DirectiveBody } from "../memory/directive.ts";

/** Whether a cap holds now. `from` and `to` are hours of the day in UTC, `22:00` to `06:00` spans midnight; without them it always holds. */
export function isCapActive({ from, to }: Extract<DirectiveBody, { kind: "cap" }>, now: Date): boolean {
  if (from === undefined || to === undefined) return true;
  const time = now.toISOString().slice(11, 16);
  return from <= to ? from <= time && time < to : from <= time || time < to;
}
