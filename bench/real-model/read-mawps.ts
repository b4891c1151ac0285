import { parseCsv } from "./parse-csv.ts";

/** A word problem with its calculation written out. */
export interface WordProblem {
  question: string;
  /** `(15 - 8) * 9`. */
  calculation: string;
  answer: string;
  /** Operations in the calculation. */
  steps: number;
}

interface Term {
  text: string;
  value: number;
}

const operations: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
};
/** A model that is taught arithmetic should not be taught rounding: longer results are left out. */
const mostDecimals = 2;

/**
 * Reads a MAWPS file: questions hold `number0`, `number1`, …, the numbers and the equation (operators first) have columns
 * of their own. Problems whose equation does not give their answer are left out.
 */
export function readMawps(text: string): WordProblem[] {
  return parseCsv(text).flatMap((row) => {
    const numbers = (row["Numbers"] ?? "").split(/\s+/).map(Number);
    const fill = (words: string) => words.replaceAll(/\bnumber(\d+)\b/g, (_, index: string) => String(numbers[Number(index)]));
    const tokens = fill(row["Equation"] ?? "").split(/\s+/);
    const steps = tokens.filter((token) => token in operations).length;
    const { text: calculation, value } = readTerm(tokens.values(), false);
    const answer = Number(Number(row["Answer"]).toFixed(mostDecimals));
    if (!(Math.abs(value - answer) < 1e-6)) return [];
    return [{ question: fill(row["Question"] ?? "").trim(), calculation, answer: String(answer), steps }];
  });
}

/** The next term of an equation with its operators first. */
function readTerm(tokens: Iterator<string>, isInner: boolean): Term {
  const { value: token = "" } = tokens.next();
  const operation = operations[token];
  if (operation === undefined) return { text: String(Number(token)), value: Number(token) };
  const [a, b] = [readTerm(tokens, true), readTerm(tokens, true)];
  const text = `${a.text} ${token} ${b.text}`;
  return { text: isInner ? `(${text})` : text, value: operation(a.value, b.value) };
}
