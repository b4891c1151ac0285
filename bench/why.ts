import { MemorySaver } from "@langchain/langgraph";
import type { Chat } from "#graphs/chat/chat.ts";
import { readNumbers, trialPlaces } from "#src/explain/answer/read-numbers.ts";
import { openChat, said, tellRun } from "#tests/graphs/chat/told-run.ts";
import { startScriptedOpenai } from "#tests/scripted-openai/server.ts";
import type { Bench } from "./bench.ts";
import { knownNumbers } from "./why/known-numbers.ts";
import { questions, type Expected } from "./why/questions.ts";

/** What a model that makes things up says: ids and numbers that no record holds, and true numbers of the wrong thing. */
const lies = [
  "It was chosen over m17, which scored .931.",
  "The evidence is trials 3, 41 and 57.",
  "m1 scored .740 and m3 scored .550.",
  "m3 scored .700, as measured.",
  "Approval a9 was given by ada at 14:02.",
  "It stood beside 5,213 candidates.",
  "m1 is .190 better than m3.",
  'The memory said "always finish with trivia".',
  "The gain is statistically significant at 97 %.",
  "It cost 812 device-hours.",
];

const bare = (text: string) => text.replaceAll("\u200B", "").replaceAll("**", "");

/** The expected words, all on the line that begins with the label. */
function holds(text: string, { line, parts }: Expected): boolean {
  return bare(text)
    .split("\n")
    .some((each) => each.trimStart().startsWith(line) && parts.every((part) => each.includes(part)));
}

async function ask(chat: Chat, expected: Expected, number: number): Promise<string> {
  // A question about "this" or the latest must not lean on the one before.
  return (await chat.reply(said(expected.question, { thread: `chat:terminal:${number}` }))).text;
}

/** A scripted model at this address. */
const settingOf = (base_url: string) => ({
  model: "scripted",
  base_url,
  api_key_env: "NONE",
  temperature: 0,
  timeout_seconds: 30,
  max_tokens: 500,
});

/** Why and what, answered from records: with no model, and with one that invents. */
export const bench: Bench = {
  name: "why",
  describe: "60 why and what questions over a recorded run, with no LLM and with one that invents ids and numbers",
  async run({ print }) {
    const recorded = await tellRun();
    const { store, run } = recorded;
    const isKnown = await knownNumbers(store, run);
    const trials = new Set((await store.trials.list(run.id)).map(({ number }) => number));
    const models = new Set((await store.objects.models(run.id)).map(({ id }) => id));
    const failures: string[] = [];
    let [sent, right, lied, worded] = [0, 0, 0, 0];
    const plain = openChat(recorded, { checkpointer: new MemorySaver() });
    const facts: string[] = [];
    for (const [number, expected] of questions.entries()) {
      const text = await ask(plain, expected, number);
      facts.push(text);
      if (holds(text, expected)) right += 1;
      else failures.push(`${expected.question}: lacks ${[expected.line, ...expected.parts].join(" | ")}`);
      // A recipe is a file: its settings are the run's own and are tested with recipes.
      if (text.includes("recipe: 1")) continue;
      for (const { value, decimals } of readNumbers(bare(text).replaceAll(/\d{4}-\d\d-\d\d/g, ""))) {
        sent += 1;
        if (!isKnown(value, decimals)) failures.push(`${expected.question}: ${value} is in no record`);
      }
      for (const { numbers } of trialPlaces(text))
        for (const trial of numbers) if (!trials.has(trial)) failures.push(`${expected.question}: trial ${trial}`);
      for (const id of bare(text).match(/\bm\d+\b/g) ?? []) if (!models.has(id)) failures.push(`${expected.question}: ${id}`);
    }
    let asked = 0;
    const liar = await startScriptedOpenai(() => ({ kind: "text", text: lies[(asked += 1) % lies.length] ?? "" }));
    const honest = await startScriptedOpenai((request) => {
      const lead = /<records>\n([^\n]+)/.exec(request.messages.at(-1)?.content ?? "")?.[1] ?? "";
      return { kind: "text", text: lead };
    });
    const lying = openChat(recorded, { checkpointer: new MemorySaver(), llm: settingOf(liar.baseUrl) });
    const truthful = openChat(recorded, { checkpointer: new MemorySaver(), llm: settingOf(honest.baseUrl) });
    for (const [number, expected] of questions.entries()) {
      const told = liar.requests.length;
      const text = await ask(lying, expected, number);
      // Commands and tables are not worded; what they say may have grown by the tokens of this bench.
      if (liar.requests.length > told && text !== facts[number]) {
        lied += 1;
        failures.push(`${expected.question}: a lie got through: ${text.slice(0, 120)}`);
      }
      const before = honest.requests.length;
      const words = await ask(truthful, expected, number);
      if (honest.requests.length > before && words !== facts[number]) worded += 1;
    }
    const modelled = honest.requests.length;
    await liar.close();
    await honest.close();
    await recorded.close();
    for (const failure of failures.slice(0, 20)) print(failure);
    print(
      `${right} of ${questions.length} answers right; ${sent} numbers sent, all in the records: ${failures.length === 0 ? "yes" : "no"}; ${lied} of ${liar.requests.length} lies sent; ${worded} of ${modelled} honest wordings sent`,
    );
    return {
      value: right,
      unit: "answers",
      target: `${questions.length} of ${questions.length} answers right, each number in the store, 0 invented ids or numbers sent`,
      pass: failures.length === 0 && right === questions.length && liar.requests.length > 0 && worded > 0,
      details: {
        questions: questions.length,
        right,
        numbers_sent: sent,
        lies_told: liar.requests.length,
        lies_sent: lied,
        honest_wordings: modelled,
        honest_wordings_sent: worded,
        failures: failures.slice(0, 10),
      },
    };
  },
};
