import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readMawps, type WordProblem } from "./read-mawps.ts";

/** How questions are put and answers are marked. */
export interface Wording {
  /** What stands after each question. */
  instruction: string;
  /** What stands before each result. */
  mark: string;
}

/** Paths of the JSONL files that were written. */
export interface WordProblemFiles {
  training: string;
  oneStep: string;
  twoStep: string;
}

/** Makes JSONL of MAWPS: worked answers to train on, and questions of one and two steps that the training does not hold. */
export function writeWordProblems(source: string, directory: string, wording: Wording): WordProblemFiles {
  const [training, held] = ["train.csv", "dev.csv"].map((file) => readMawps(readFileSync(join(source, file), "utf8")));
  const heldQuestions = new Set(held?.map(({ question }) => question));
  const write = (name: string, rows: object[]) => {
    const file = join(directory, name);
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    return file;
  };
  const ask = ({ question }: WordProblem) => `${question}${wording.instruction}`;
  const work = ({ calculation, answer }: WordProblem) => `${calculation} = ${answer}\n${wording.mark} ${answer}`;
  const unseen = (training ?? []).filter(({ question }) => !heldQuestions.has(question));
  const ofSteps = (count: number) => unique((held ?? []).filter(({ steps }) => steps === count));
  const asTask = (problems: WordProblem[]) => problems.map((problem) => ({ question: ask(problem), answer: problem.answer }));
  return {
    training: write(
      "mawps.jsonl",
      unseen.map((problem) => ({ question: ask(problem), answer: work(problem) })),
    ),
    oneStep: write("one-step.jsonl", asTask(ofSteps(1))),
    twoStep: write("two-step.jsonl", asTask(ofSteps(2))),
  };
}

/** Each question once. */
function unique(problems: WordProblem[]): WordProblem[] {
  return [...new Map(problems.map((problem) => [problem.question, problem])).values()];
}
