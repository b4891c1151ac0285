import type { AddedWord, Form } from "../intent.ts";

const name = String.raw`"?(?!\d+(?:\s|$))[a-z0-9][\w.-]*"?`;
const noun = "(?:(?:base )?models?|bases?|(?:data ?)?sets?|data|tasks?|evaluations?|benchmarks?|skills?)";
const named = `(?:the |a |an )?(?:new |another |extra )?(?:${noun} )?(?:called |named )?${name}(?: ${noun})?`;
const toRun = "(?: (?:to|into|in) (?:the |this |that |my |our )?(?:run|search|pool|mix|mixture|it|experiment))?";
const also = "(?: (?:too|as well|also|from now on|now))*";
const addForms = [
  new RegExp(`^(?:also )?(?:add|include|bring in|introduce|append|register) (${named}(?:(?:,|,? and|,? plus) ${named})*)${toRun}${also}$`),
  new RegExp(
    `^(?:also |now )?(?:use|take|train on|try|score on|evaluate on|measure|test on) ((?:the |a )?(?:new |another )?${noun} ${name})${toRun}${also}$`,
  ),
  new RegExp(`^(?:let|have) (${named}) join(?: (?:the |this |my |our )?(?:run|search|pool|experiment))?$`),
  new RegExp(
    `^(${named}) (?:should|shall|may|must|can) (?:also )?(?:join|be added)(?: to)?(?: (?:the |this |my )?(?:run|search|pool|it))?$`,
  ),
];

function sectionOf(words: string): AddedWord["section"] {
  if (/\b(?:models?|bases?)\b/.test(words)) return "models";
  if (/\b(?:data|(?:data ?)?sets?)\b/.test(words)) return "datasets";
  return /\b(?:tasks?|evaluations?|benchmarks?|skills?)\b/.test(words) ? "tasks" : null;
}

const fillers = new RegExp(`^(?:the|a|an|new|another|extra|called|named|${noun.slice(3, -1)})$`);

/** "Add the datasets gsm8k and prefs to this run": a kind that was said holds for the names after it. */
export const add: Form = (text, said) => {
  const form = addForms.find((each) => each.test(text));
  const [found] = form === undefined ? [] : (form.exec(text)?.slice(1) ?? []);
  if (found === undefined) return null;
  const start = text.indexOf(found);
  const objects: AddedWord[] = [];
  for (const part of said.slice(start, start + found.length).split(/(?:,? and |,? plus |, )/)) {
    const words = part.replaceAll('"', "").split(" ");
    const names = words.filter((word) => !fillers.test(word.toLowerCase()));
    // A dataset may itself be called "extra".
    const called = names.length === 0 ? words.at(-1) : names[0];
    if (names.length > 1 || called === undefined) return null;
    objects.push({ section: sectionOf(part.toLowerCase()) ?? objects.at(-1)?.section ?? null, name: called });
  }
  return { kind: "add", objects };
};
