import { isOfType } from "../../action/action.ts";
import { UserInputError } from "../../errors.ts";
import type { Trial } from "../../store/store.ts";
import { findSubject } from "../find-subject.ts";
import type { RunFacts } from "../run-facts.ts";
import { readWanted } from "./read-wanted.ts";

/** What stands around a person's words for a model or trial. */
export interface SubjectContext {
  /** "this merge", "the latest one", "m24", or nothing. */
  words: string;
  /** What the message replies to: `m24`, `trial 33`, `a3`; null without. */
  repliedTo: string | null;
  /** What the conversation was about. */
  last: string | null;
}

const ordinals: Readonly<Record<string, number>> = { second: 2, third: 3, fourth: 4, fifth: 5 };
const scanned = 200;

async function typeNamed(facts: RunFacts, words: string): Promise<string | null> {
  const { actionTypes } = await readWanted(facts, words.replaceAll(/\bm\d+\b/g, ""));
  return actionTypes[0] ?? null;
}

const nameOf = (trial: Trial) => trial.model ?? `trial ${trial.number}`;

async function latest({ store, run }: RunFacts, type: string | null): Promise<string | null> {
  const trials = (await store.trials.list(run.id)).toReversed();
  const fitting = trials.filter(({ action, kind }) => (type === null ? kind === "chosen" : isOfType(action.type, type)));
  const found = fitting.find(({ kind }) => kind === "chosen") ?? fitting[0] ?? (type === null ? trials[0] : undefined);
  return found === undefined ? null : nameOf(found);
}

/** The best model, the second best, or the best that was made by a type of action. */
async function ranked(facts: RunFacts, words: string, type: string | null): Promise<string | null> {
  const place = Object.entries(ordinals).find(([word]) => words.includes(word))?.[1] ?? 1;
  const { store, run, scores } = facts;
  if (type === null && place === 1) return (await findSubject(facts, "best")).model?.id ?? null;
  const fitting: string[] = [];
  for (const id of await scores.best(scanned)) {
    const model = await store.objects.find(run.id, id);
    const trial = model?.kind === "model" && model.trial !== null ? await store.trials.find(run.id, model.trial) : null;
    if (type === null || (trial !== null && isOfType(trial.action.type, type))) fitting.push(id);
    if (fitting.length === place) return id;
  }
  return null;
}

async function isOfNamedType({ store, run }: RunFacts, subject: string, type: string): Promise<boolean> {
  const number = /^trial (\d+)$/.exec(subject)?.[1];
  const model = number === undefined ? await store.objects.find(run.id, subject) : null;
  const trialNumber = number === undefined ? (model?.kind === "model" ? model.trial : null) : Number(number);
  const trial = trialNumber === null ? null : await store.trials.find(run.id, trialNumber);
  return trial !== null && isOfType(trial.action.type, type);
}

async function ofApproval({ store, run }: RunFacts, id: string): Promise<string | null> {
  const approvals = await store.approvals.list(run.id);
  const found = approvals.find((approval) => approval.id === id || approval.id === `${run.id}-${id}`);
  return found?.trial == null ? null : `trial ${found.trial}`;
}

/** A baseline by what people call it: `SFT on all data`, `the TIES grid`. */
async function baseline({ store, run, ...facts }: RunFacts, words: string): Promise<string | null> {
  const label = /\bsft[ -_]?(?:on )?all\b|\ball (?:the )?data\b/.test(words)
    ? "sft_all"
    : /\bties[ _-]?grid\b/.test(words)
      ? "ties_grid"
      : /\bsingle\b/.test(words)
        ? "single"
        : null;
  if (label === null) return null;
  const made = new Set((await store.trials.ofKind(run.id, "baseline")).filter((trial) => trial.label === label).map(({ model }) => model));
  return (await facts.scores.best(scanned)).find((id) => made.has(id)) ?? null;
}

/** An id, a trial's number or a base's name in the words; what looks like one and is none is refused by `findSubject`. */
async function named({ store, run }: RunFacts, words: string): Promise<string | null> {
  const id = /\bm\d+\b/.exec(words)?.[0];
  if (id !== undefined) return id;
  const number = /(?:\btrial(?: number)?|\bexperiment|#)\s*#?(\d+)\b/.exec(words)?.[1] ?? /^\s*(\d+)\s*$/.exec(words)?.[1];
  if (number !== undefined) return `trial ${number}`;
  const tokens = words.split(/[^\p{L}\p{N}_.-]+/u);
  const bases = (await store.objects.models(run.id)).filter(({ name }) => name !== null && tokens.includes(name.toLowerCase()));
  return bases[0]?.id ?? null;
}

/**
 * Finds what a person means by "this", "the latest merge", "the best one", "SFT on all" or an id.
 * @returns `m24` or `trial 33`.
 * @throws UserInputError when nothing is meant that the run has.
 */
export async function resolveSubject(facts: RunFacts, { words: said, repliedTo, last }: SubjectContext): Promise<string> {
  const words = said.toLowerCase();
  const found = await named(facts, words);
  if (found !== null) return found;
  const approval = /\b(?:\S+-)?a\d+\b/.exec(words)?.[0];
  const asked = approval === undefined ? null : await ofApproval(facts, approval);
  if (asked !== null) return asked;
  const base = await baseline(facts, words);
  if (base !== null) return base;
  if (/\bbase(?:line)?\b/.test(words)) return "m0";
  const type = await typeNamed(facts, words);
  const best = /\b(?:best|winner|winning|leader|leading|top|champion)\b/.test(words) ? await ranked(facts, words, type) : null;
  if (best !== null) return best;
  if (!/\b(?:latest|last|newest|most recent|recent|previous)\b/.test(words)) {
    const replied = repliedTo === null ? null : ((await ofApproval(facts, repliedTo)) ?? repliedTo);
    for (const near of [replied, last]) {
      if (near !== null && (type === null || (await isOfNamedType(facts, near, type)))) return near;
    }
  }
  const recent = await latest(facts, type);
  if (recent !== null) return recent;
  const what = type === null ? "no trial" : `no ${type.replaceAll("_", " ")}`;
  throw new UserInputError(`${facts.run.name} has ${what} yet that "${said.trim() || "this"}" could mean.`, { words: said }, "not_found");
}
