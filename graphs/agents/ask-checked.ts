import type { PolicyView } from "#src/policy/policy.ts";
import { findUnknownIds } from "./find-unknown-ids.ts";
import { findUnknownNumbers } from "./find-unknown-numbers.ts";
import type { LlmCaller, Question } from "./llm/llm-caller.ts";
import { LlmFault, type LlmFaultKind } from "./llm/llm-fault.ts";
import { correctionTurns } from "./selector/prompts.ts";

/** How often an answer that cites what is not there goes back. */
const corrections = 2;

/** What is wrong with an answer, in words that the model can act on. */
interface AnswerProblem {
  fault: LlmFaultKind;
  text: string;
}

/**
 * Asks until each id in the answer is the run's and each number stands in the question, and says each time what was wrong.
 * @param textOf what of the answer people and agents will read.
 * @param unknownNames ids that the answer names beside its text and that the run does not have.
 * @throws LlmFault when no answer can be used.
 */
export async function askChecked<Answer>(
  { caller, question, view }: { caller: LlmCaller; question: Question<Answer>; view: Pick<PolicyView, "models" | "trials"> },
  textOf: (answer: Answer) => string,
  unknownNames: (answer: Answer) => string[] = () => [],
): Promise<Answer> {
  const data = question.turns.flatMap(({ role, content }) => (role === "user" ? [content] : [])).join("\n");
  let { turns } = question;
  for (let attempt = 0; ; attempt++) {
    const answer = await caller.ask({ ...question, turns });
    const text = textOf(answer);
    const problem = findProblem([...unknownNames(answer), ...findUnknownIds(text, view)], findUnknownNumbers(text, data));
    if (problem === null) return answer;
    if (attempt >= corrections) throw new LlmFault(problem.fault, problem.text);
    turns = [...turns, ...correctionTurns(JSON.stringify(answer), problem.text)];
  }
}

function findProblem(ids: readonly string[], numbers: readonly string[]): AnswerProblem | null {
  if (ids.length > 0) return { fault: "unknown_id", text: `it cites ${ids.join(", ")}, which this run does not have` };
  if (numbers.length === 0) return null;
  return {
    fault: "unknown_number",
    text: `it says ${numbers.join(", ")}, which does not stand in the data: take numbers as they stand there`,
  };
}
