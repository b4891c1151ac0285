import type { Answer, AnswerSection } from "./answer.ts";
import type { Fact, FactField } from "./fact.ts";
import { readNumbers, tells, trialPlaces, type NumberInText } from "./read-numbers.ts";
import { renderAnswer } from "./render-answer.ts";

/** Words that say what the number after them is. The nearest before the number counts. */
const cues: readonly (readonly [FactField, RegExp])[] = [
  ["prediction", /\b(?:predict\w*|expect\w*|forecast\w*|hoped?|anticipat\w*|estimat\w*)\b/giu],
  [
    "difference",
    /\b(?:better|worse|ahead|behind|above|below|gain\w*|los[est]\w*|difference|improv\w*|lead\w*|beat\w*|outperform\w*|margin|gap|more than|less than|over (?=m\d))/giu,
  ],
  ["effect", /\b(?:effects?|changes?|lift\w*|drag\w*|adds?|shifts?|on average|helps?|hurts?)\b/giu],
  ["score", /\b(?:(?<!to )scor\w*|(?<!to )reach\w*|measured|got|outcome|result\w*|came out|turned out|search items?)\b/giu],
];
const comparison = /^\s*(?:points? )?(?:better|worse|ahead|over|above|below|behind|more|less|higher|lower|under)\b/iu;
const settingWords = /\b(?:steps?|epochs?|density|lr|learning rate|beta|lambda|r|seed|t|weights?|data)\b|[βλ]/iu;
const idForm = /\b(?:m\d+|a\d+|p(?!50\b|90\b)\d+)\b/gu;
const numberWords: Readonly<Record<string, number>> = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  hundred: 100,
  thousand: 1000,
};
const countedForm =
  /\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand)\s+(?:\w+\s+)?(?:trials?|candidates?|hours?|points?|percent|items?|actions?|device\w*|tokens?|runs|seeds?|times)\b/giu;
/** Claims about what people or machines did: they must be in what Temper itself says, word by word. */
const claims =
  /\b(?:approved|rejected|expired|withdrawn|failed|crashed|skipped|cancelled|diverged|banned|timed out|out of memory|statistically|significant\w*|confirmed|final split|guarantee\w*)\b/giu;
const dateForm = /\b\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?|\b\d{1,2}:\d{2}\b/gu;

interface Mention {
  name: string;
  place: number;
}

/** What a wording is checked against: the answers that it words. */
interface Ground {
  facts: readonly Fact[];
  plain: string;
  /** What Temper itself says, in lower case: the words of people, models and scripts are left out. */
  own: string;
  ids: ReadonlySet<string>;
  trials: ReadonlySet<number>;
  /** Subjects that a sentence may name, the longest first. */
  names: readonly string[];
  main: string | null;
}

function groundOf(answers: readonly Answer[]): Ground {
  const plain = answers.map((answer) => renderAnswer(answer, "plain")).join("\n");
  const facts = answers.flatMap((answer) => answer.facts);
  const names = [...new Set(facts.flatMap(({ subjects }) => subjects))]
    .filter((name) => name.length > 1)
    .toSorted((a, b) => b.length - a.length);
  return {
    facts,
    plain: plain.replaceAll(/\s+/g, " "),
    own: ownWords(answers),
    ids: new Set(plain.match(idForm)),
    trials: new Set(trialPlaces(plain).flatMap(({ numbers }) => numbers)),
    names,
    main: answers.at(-1)?.subject ?? null,
  };
}

/** Longer quotations first: one may stand inside of another. */
function ownWords(answers: readonly Answer[]): string {
  const words = answers.map((answer) => {
    const quotes = answer.quotes.toSorted((a, b) => b.length - a.length);
    const strip = (text: string) => quotes.reduce((rest, quote) => rest.replaceAll(quote, " "), text);
    return renderAnswer({ lead: strip(answer.lead), sections: answer.sections.map((section) => stripSection(section, strip)) }, "plain");
  });
  return words.join("\n").toLowerCase().replaceAll("_", " ");
}

function stripSection(section: AnswerSection, strip: (text: string) => string): AnswerSection {
  return "text" in section ? { ...section, text: strip(section.text) } : { ...section, block: strip(section.block) };
}

/** Sentences, with decimals and abbreviations left whole. */
function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?;])\s+(?=[^\d])|\n+/u).filter((sentence) => sentence.trim() !== "");
}

function mentionsIn(sentence: string, { names }: Ground): Mention[] {
  const found: Mention[] = [];
  const add = (name: string, place: number) => found.push({ name, place });
  for (const match of sentence.matchAll(idForm)) add(match[0], match.index);
  for (const { numbers, start } of trialPlaces(sentence)) for (const number of numbers) add(`trial ${number}`, start);
  const lower = sentence.toLowerCase();
  for (const name of names) {
    if (/^(?:m\d+|trial \d+)$/.test(name)) continue;
    for (let place = lower.indexOf(name.toLowerCase()); place >= 0; place = lower.indexOf(name.toLowerCase(), place + 1)) add(name, place);
  }
  // `m1` inside `SFT of m1 on common` is no mention of its own.
  const isInside = ({ name, place }: Mention) =>
    found.some(
      (other) => other.name.length > name.length && other.place <= place && other.place + other.name.length >= place + name.length,
    );
  return found.filter((mention) => !isInside(mention)).toSorted((a, b) => a.place - b.place);
}

/** The cue that stands nearest before a number, else right after it. */
function fieldAt(sentence: string, { start, end }: NumberInText): FactField | null {
  if (comparison.test(sentence.slice(end))) return "difference";
  let nearest: { field: FactField; place: number } | null = null;
  for (const [field, form] of cues) {
    for (const { index } of sentence.matchAll(form)) {
      if (index < start && (nearest === null || index > nearest.place)) nearest = { field, place: index };
    }
  }
  if (nearest !== null) return nearest.field;
  const after = sentence.slice(end, end + 24);
  return cues.find(([, form]) => new RegExp(form.source, "iu").test(after))?.[0] ?? null;
}

/** A difference is told from one side or the other: its sign must fit the side. */
function equalsDifference(number: NumberInText, fact: Fact, sentence: string, mentions: readonly Mention[]): boolean {
  const [ahead = "", behind = ""] = fact.subjects;
  const isSwapped = (mentions.find(({ name }) => name === ahead || name === behind)?.name ?? ahead) === behind;
  const isNegative = /\b(?:worse|behind|below|lower|loses?|lost|less|under|drops?|fell|declin\w*)\b/i.test(sentence);
  return fact.values.some((value, place) => {
    // The half width has no sign.
    if (place === 3) return tells({ ...number, value: Math.abs(number.value) }, value);
    const seen = isSwapped ? -value : value;
    if (number.isSigned) return tells(number, seen);
    return tells(number, isNegative ? -seen : seen);
  });
}

const isScoreLike = (field: FactField) => field === "score" || field === "prediction" || field === "difference" || field === "effect";

function fieldFits(fact: Fact, field: FactField | null): boolean {
  if (fact.field === "quoted") {
    if (field === null) return true;
    return cues.some(([name, form]) => name === field && new RegExp(form.source, "iu").test(fact.quote ?? ""));
  }
  // Without any cue a bare number reads as a score.
  return field === null ? fact.field === "score" : fact.field === field;
}

/** Between a number and the one it is for: `.600 for DPO of m1`, `.740 [.674, .794] by m3`. */
const ofForm = /^\s*(?:\[[^\]]*\]\s*)?(?:for|by|of)\s(?:the )?$/iu;

/** The subjects that a number in this place can belong to: the nearest named before it, with what stands at its side. */
function ownersAt(sentence: string, mentions: readonly Mention[], number: NumberInText, { main }: Ground): string[] {
  const before = mentions.filter(({ place }) => place < number.start);
  const after = mentions.find(({ place }) => place >= number.end);
  const isFollowed = after !== undefined && ofForm.test(sentence.slice(number.end, after.place));
  const nearest = isFollowed ? after : (before.at(-1) ?? mentions[0]);
  if (nearest === undefined) return main === null ? [] : [main];
  // "m24 (trial 33)" and "TIES merge of m1 and m2" name one thing with several words.
  return mentions.filter(({ place }) => Math.abs(place - nearest.place) <= nearest.name.length + 2).map(({ name }) => name);
}

function isSupported(number: NumberInText, sentence: string, ground: Ground, mentions: readonly Mention[]): boolean {
  const around = sentence.slice(Math.max(0, number.start - 2), number.start) + sentence.slice(number.end, number.end + 28);
  const beside = sentence.slice(Math.max(0, number.start - 12), number.start) + sentence.slice(number.end, number.end + 8);
  const field = fieldAt(sentence, number);
  const owners = new Set(ownersAt(sentence, mentions, number, ground));
  return ground.facts.some((fact) => {
    if (fact.field === "amount") {
      const unit = (fact.unit ?? "").toLowerCase().replace(/s$/, "").split(" ").at(-1) ?? "";
      return (
        fact.values.some((value) => tells(number, value)) &&
        (unit === "" ? !isScoreLike(field ?? "amount") : around.toLowerCase().includes(unit))
      );
    }
    if (fact.field === "setting") return settingWords.test(beside) && fact.values.some((value) => tells(number, value));
    if (!fieldFits(fact, field)) return false;
    const isOwned =
      fact.subjects.some((subject) => owners.has(subject)) ||
      (mentions.length === 0 && fact.subjects.some((subject) => subject === ground.main));
    if (!isOwned) return false;
    if (fact.field === "difference" && fact.subjects.length === 2) return equalsDifference(number, fact, sentence, mentions);
    return fact.values.some((value) => tells(number, value));
  });
}

function problemsOf(sentence: string, ground: Ground): string[] {
  const problems: string[] = [];
  const bare = sentence.replaceAll(dateForm, (date) => {
    if (!ground.plain.includes(date)) problems.push(`the time "${date}" is not in the facts`);
    return " ".repeat(date.length);
  });
  for (const [, quoted = ""] of sentence.matchAll(/["“]([^"”]{4,})["”]/gu)) {
    if (!ground.plain.includes(quoted.replaceAll(/\s+/g, " ").trim())) problems.push(`"${quoted}" is quoted and not in the facts`);
  }
  const mentions = mentionsIn(bare, ground);
  for (const number of readNumbers(bare)) {
    if (!isSupported(number, bare, ground, mentions))
      problems.push(`"${bare.slice(number.start, number.end).trim()}" is not a number of what the sentence says it is`);
  }
  for (const [phrase, word = ""] of bare.matchAll(countedForm)) {
    const value = numberWords[word.toLowerCase()] ?? 0;
    const isKnown = ground.facts.some(({ field, values }) => field === "amount" && values.includes(value));
    if (!isKnown && !ground.plain.toLowerCase().includes(phrase.toLowerCase())) problems.push(`"${phrase}" is not in the facts`);
  }
  return problems;
}

/**
 * Checks a language model's wording against the answers that it words: each id must be in them, each number must be a
 * number there of the same thing in the same sense, and what is said to have been approved, failed or quoted must stand
 * there. Strict on purpose: what is refused is replaced by the plain facts, which lose nothing.
 * @returns what is wrong, for the record; empty when the wording may be sent.
 */
export function checkWording(wording: string, answers: readonly Answer[]): string[] {
  const ground = groundOf(answers);
  const problems: string[] = [];
  for (const id of wording.match(idForm) ?? []) if (!ground.ids.has(id)) problems.push(`${id} is not in the facts`);
  for (const { numbers } of trialPlaces(wording)) {
    for (const number of numbers) if (!ground.trials.has(number)) problems.push(`trial ${number} is not in the facts`);
  }
  if (/@\w|https?:|<[@#!]/.test(wording)) problems.push("it holds a mention or a link");
  for (const claim of wording.match(claims) ?? []) {
    if (!ground.own.includes(claim.toLowerCase())) problems.push(`"${claim}" is not in the facts`);
  }
  for (const sentence of sentencesOf(wording)) problems.push(...problemsOf(sentence, ground));
  return [...new Set(problems)];
}
