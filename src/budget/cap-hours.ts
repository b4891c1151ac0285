import type { DirectiveBody } from "../memory/directive.ts";

/** Whether a cap holds now. `22:00` to `06:00` spans midnight; without hours it always holds. */
export function isCapActive({ from, to, timeZone = "UTC" }: Extract<DirectiveBody, { kind: "cap" }>, now: Date): boolean {
  if (from === undefined || to === undefined) return true;
  const time = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(now);
  return from <= to ? from <= time && time < to : from <= time || time < to;
}
