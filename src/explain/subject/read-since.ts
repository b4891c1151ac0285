import type { RunFacts } from "../run-facts.ts";

/** A moment with the words for it: `since yesterday`. */
export interface Since {
  since: Date;
  words: string;
}

const hourMs = 3_600_000;
const units: Readonly<Record<string, number>> = { minute: 60_000, hour: hourMs, day: 24 * hourMs, week: 168 * hourMs };

/** The latest time of day `hours:minutes` in a time zone that is not after `now`. */
function latestTime(now: Date, timeZone: string, hours: number, minutes: number): Date {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(now);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value ?? 0);
  const minutesNow = part("hour") * 60 + part("minute");
  const wanted = hours * 60 + minutes;
  const back = (minutesNow - wanted + 1440) % 1440;
  return new Date(Math.floor(now.getTime() / 60_000) * 60_000 - back * 60_000);
}

/** Reads "since yesterday", "in the last 3 hours", "since 9:00", "since trial 20", "today"; the last day when nothing is said. */
export async function readSince(
  { store, run }: RunFacts,
  text: string,
  { now, timeZone }: { now: Date; timeZone: string },
): Promise<Since> {
  const lower = text.toLowerCase();
  const trial = /\btrial #?(\d+)\b/.exec(lower)?.[1];
  if (trial !== undefined) {
    const record = await store.trials.find(run.id, Number(trial));
    if (record !== null) return { since: new Date(record.endedAt ?? record.createdAt), words: `since trial ${trial}` };
  }
  const span = /(?:last|past)?\s*(\d+|an?|one|two|three|couple of|few)?\s*\b(minute|hour|day|week)s?\b/.exec(lower);
  if (span !== null) {
    const counts: Readonly<Record<string, number>> = { two: 2, three: 3, "couple of": 2, few: 3 };
    const count = Number(span[1]) || counts[span[1] ?? ""] || 1;
    const unit = span[2] ?? "day";
    return {
      since: new Date(now.getTime() - count * (units[unit] ?? hourMs)),
      words: `in the last ${count === 1 ? unit : `${count} ${unit}s`}`,
    };
  }
  const time = /\b(\d{1,2}):(\d{2})\b/.exec(lower);
  if (time !== null) return { since: latestTime(now, timeZone, Number(time[1]), Number(time[2])), words: `since ${time[0]}` };
  if (/\btoday\b|\bthis morning\b/.test(lower)) return { since: latestTime(now, timeZone, 0, 0), words: "today" };
  if (/\bovernight\b|\blast night\b|\bthe night\b/.test(lower)) {
    return { since: latestTime(now, timeZone, 18, 0), words: "since 18:00" };
  }
  return { since: new Date(now.getTime() - 24 * hourMs), words: "since this time yesterday" };
}
