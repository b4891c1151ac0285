import { type NumberInText, readNumbers, tells } from "#src/explain/answer/read-numbers.ts";

/** Largest whole number that may be a count of what a prompt lists: no prompt of the agents lists more lines of a kind. */
const largestCount = 20;

/**
 * Numbers of a text that stand nowhere in the data it was written from, as they are written: what a language model made up.
 * Fewer digits, percents, and a change told without its sign are the same number; small whole numbers may be counts.
 */
export function findUnknownNumbers(text: string, data: string): string[] {
  const known = readNumbers(data).map(({ value, isPercent }) => (isPercent ? value / 100 : value));
  const unknown = readNumbers(text).filter((number) => !isCount(number) && !known.some((value) => isSame(number, value)));
  return [...new Set(unknown.map(({ start, end }) => text.slice(start, end)))];
}

function isCount({ value, decimals, isSigned, isPercent }: NumberInText): boolean {
  return decimals === 0 && !isSigned && !isPercent && value <= largestCount;
}

/** "fell by .021" tells −.021. */
function isSame(number: NumberInText, value: number): boolean {
  return tells(number, number.isSigned ? value : Math.abs(value));
}
