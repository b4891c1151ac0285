import { didYouMean } from "../../config/did-you-mean.ts";
import type { DirectiveBody } from "../../memory/directive.ts";
import type { KnownWords } from "./known-words.ts";

/** A wish as a directive, or what could not be read, in words. */
export type ParsedWish = { understood: true; body: DirectiveBody } | { understood: false; problem: string };

const banWords = /^(?:stop|ban|avoid|never|no more|no|leave out|drop|without|don'?t(?: use)?|do not(?: use)?)\s+(.+)$/;
const preferWords = /^(?:prefer|try more|more|do more|use more|like)\s+(.+)$/;
const weightForms = [
  /^(?:weight|weigh)\s+(\S+)\s+(?:by\s+|with\s+)?(?:x|×|\*)?\s*([\d.]+)$/,
  /^(\S+)\s+(?:x|×|\*)\s*([\d.]+)$/,
  /^(\S+)\s+(?:matters|counts|weighs)\s+([\d.]+)\s*(?:x|×|times)(?:\s+as\s+much)?$/,
  /^(\S+)\s+(?:matters|counts|weighs)\s+(half|twice|double|three times|triple)(?:\s+as\s+much)?$/,
];
const factors: Readonly<Record<string, number>> = { half: 0.5, twice: 2, double: 2, "three times": 3, triple: 3 };
const capForm =
  /^(?:cap|limit|at most|no more than|not over|(?:no|never an?y?)\s+(?:runs?|trials?|trainings?|jobs?)\s+(?:over|above|longer than)|nothing\s+(?:over|above|longer than))\s+(?:(?:a trial|trials|each trial)\s+(?:at|to)\s+)?([\d.]+)\s*(device-?\s?hours?|gpu-?\s?hours?|hours?|h|device-?\s?minutes?|minutes?|min)(?:\s+(?:per|a|each)\s+trial)?(?:\s+(at night|by night|overnight|by day|during the day|(?:from|between)\s+\d{1,2}(?::\d{2})?\s+(?:to|and|until)\s+\d{1,2}(?::\d{2})?))?$/;
/** What people call night: the hours in which nobody looks. */
const night = { from: "22:00", to: "06:00" };
const focusForm = /^(?:focus(?: on)?|aim for|concentrate on)[:\s]+(.+)$/;
/** Words between the names in `stop using sft on gsm8k`. */
const fillers = new Set([
  "using",
  "use",
  "trying",
  "try",
  "with",
  "on",
  "of",
  "the",
  "a",
  "an",
  "and",
  "model",
  "models",
  "dataset",
  "data",
  "for",
  "runs",
]);

/**
 * Reads a person's wish: a small grammar of plain sentences, case and spacing do not count.
 * @param timeZone IANA name of where the hours in it are meant; null = UTC.
 */
export function parseWish(text: string, known: KnownWords, timeZone: string | null = null): ParsedWish {
  const wish = text
    .trim()
    .replace(/[.!]+$/, "")
    .replaceAll(/\s+/g, " ");
  const lower = wish.toLowerCase();

  const cap = capForm.exec(lower);
  if (cap !== null) return readCap(cap, timeZone);
  for (const form of weightForms) {
    const weight = form.exec(lower);
    if (weight !== null) return readWeight(weight[1] ?? "", weight[2] ?? "", known);
  }
  const focus = focusForm.exec(wish.replace(/^\w/, (letter) => letter.toLowerCase()));
  if (focus !== null) return { understood: true, body: { kind: "focus", text: (focus[1] ?? "").trim() } };
  const ban = banWords.exec(lower);
  if (ban !== null) return readNames(ban[1] ?? "", known, toBan);
  const prefer = preferWords.exec(lower);
  if (prefer !== null) return readNames(prefer[1] ?? "", known, (names) => ({ kind: "prefer", ...names }));
  return { understood: false, problem: `"${text.trim()}" is no wish that I can read.` };
}

interface Names {
  object?: string;
  actionType?: string;
}

function toBan({ object, actionType }: Names): DirectiveBody {
  if (object !== undefined && actionType !== undefined) return { kind: "ban", combination: { actionType, object } };
  return { kind: "ban", ...(object === undefined ? { actionType: actionType ?? "" } : { object }) };
}

function readNames(words: string, known: KnownWords, toBody: (names: Names) => DirectiveBody): ParsedWish {
  const names: Names = {};
  for (const word of words.split(/[\s,]+/)) {
    const object = known.objects.get(word);
    const actionType = known.actionTypes.get(word);
    if (object !== undefined && names.object === undefined) names.object = object;
    else if (actionType !== undefined && names.actionType === undefined) names.actionType = actionType;
    else if (object !== undefined || actionType !== undefined) {
      return {
        understood: false,
        problem: `One wish names one object and one action type; "${word}" is one more. Say it in a wish of its own.`,
      };
    } else if (!fillers.has(word)) return unknownWord(word, [...known.objects.keys(), ...known.actionTypes.keys()]);
  }
  if (names.object === undefined && names.actionType === undefined) {
    return { understood: false, problem: "The wish names no object and no action type." };
  }
  return { understood: true, body: toBody(names) };
}

function readWeight(word: string, amount: string, known: KnownWords): ParsedWish {
  const task = known.tasks.get(word);
  if (task === undefined) return unknownWord(word, [...known.tasks.keys()], "task");
  const factor = factors[amount] ?? Number(amount);
  if (!Number.isFinite(factor)) return { understood: false, problem: `"${amount}" is no number.` };
  return { understood: true, body: { kind: "weight", task, factor } };
}

function readCap([, amount, unit, when]: RegExpExecArray, timeZone: string | null): ParsedWish {
  const hours = Number(amount) / (unit?.includes("min") === true ? 60 : 1);
  if (!Number.isFinite(hours) || hours <= 0) return { understood: false, problem: `"${amount}" is no amount of time.` };
  if (when === undefined) return { understood: true, body: { kind: "cap", deviceHoursPerTrial: hours } };
  const times = readHours(when);
  if (times === null) return { understood: false, problem: `"${when}" are no hours of a day.` };
  return { understood: true, body: { kind: "cap", deviceHoursPerTrial: hours, ...times, ...(timeZone === null ? {} : { timeZone }) } };
}

function readHours(when: string): { from: string; to: string } | null {
  if (when.includes("night")) return night;
  if (when.includes("day")) return { from: night.to, to: night.from };
  const [from, to] = [...when.matchAll(/(\d{1,2})(?::(\d{2}))?/g)].map(([, hour = "", minute = "00"]) => ({ hour, minute }));
  if (from === undefined || to === undefined) return null;
  if ([from, to].some(({ hour, minute }) => Number(hour) > 23 || Number(minute) > 59)) return null;
  const clock = ({ hour, minute }: typeof from) => `${hour.padStart(2, "0")}:${minute}`;
  return { from: clock(from), to: clock(to) };
}

function unknownWord(word: string, words: readonly string[], kind = "object or action type"): ParsedWish {
  // The list of all words is in the refusal's last sentence; here only a near one helps.
  const near = didYouMean(word, words);
  return { understood: false, problem: `This run has no ${kind} "${word}".${near.startsWith(" Did") ? near : ""}` };
}
