import type { Terminal } from "../terminal.ts";
import { guessFormat } from "./guess-format.ts";
import { type InitAnswers, type VerifierKind, verifierKinds } from "./init-answers.ts";
import { parseNamedPath } from "./parse-named-path.ts";

type Ask = (question: string, suggestion?: string) => Promise<string>;

/** The person ended the questions; nothing is written. */
export class QuestionsEnded extends Error {}

function createAsk(terminal: Terminal): Ask {
  return async (question, suggestion) => {
    const answer = await terminal.ask(`${question}${suggestion === undefined ? "" : ` [${suggestion}]`}: `);
    if (answer === null) throw new QuestionsEnded();
    return answer === "" ? (suggestion ?? "") : answer;
  };
}

async function askList(ask: Ask, first: string, more: string): Promise<string[]> {
  const answers: string[] = [];
  while (true) {
    const answer = await ask(answers.length === 0 ? first : more);
    if (answer === "" && answers.length > 0) return answers;
    if (answer !== "") answers.push(answer);
  }
}

async function askVerifier(ask: Ask, terminal: Terminal, task: string): Promise<VerifierKind> {
  while (true) {
    const answer = await ask(`  How is an answer to ${task} judged (${verifierKinds.join(", ")})`, "exact");
    const kind = verifierKinds.find((known) => known === answer);
    if (kind !== undefined) return kind;
    terminal.out(`  "${answer}" is none of them.\n`);
  }
}

/** Asks for what the flags left open. */
export async function askAnswers(terminal: Terminal, given: Partial<InitAnswers>): Promise<InitAnswers> {
  const ask = createAsk(terminal);
  const name = given.name ?? (await ask("Name of the run", "my-run"));
  const goal = given.goal ?? (await ask("What should get better, in your words"));
  const models = given.models ?? (await askList(ask, "Base model (hub id or folder)", "Another base model, or Enter")).map(parseNamedPath);
  const files =
    given.datasets ?? (await askList(ask, "Training data (file, folder or hub id)", "More training data, or Enter")).map(parseNamedPath);
  const datasets = await Promise.all(files.map(async (file) => ({ ...file, format: await guessFormat(file.path) })));
  const tasks = given.tasks ?? [];
  if (given.tasks === undefined) {
    for (const text of await askList(ask, "Evaluation task (file with prompt and answer, or lm_eval:TASK)", "Another task, or Enter")) {
      const task = parseNamedPath(text);
      tasks.push({ ...task, verifier: task.path.startsWith("lm_eval:") ? "exact" : await askVerifier(ask, terminal, task.name) });
    }
  }
  const trials = given.trials ?? Number.parseInt(await ask("How many trials", "40"), 10);
  return { name, goal, models, datasets, tasks, trials: Number.isInteger(trials) && trials > 0 ? trials : 40 };
}
