/** A number in a text. */
export interface NumberInText {
  value: number;
  /** Decimals written: how exact it claims to be. */
  decimals: number;
  /** Written with its sign. */
  isSigned: boolean;
  isPercent: boolean;
  /** Where it begins and ends. */
  start: number;
  end: number;
}

/** Digits that stand by themselves: not those of `m24`, `p90` or `gsm8k`, nor a trial's number, which is an id. */
const numberForm = /(?<![\p{L}\p{N}_.])([−+–-]?)(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(e[−-]?\d+)?(?![\p{L}\p{N}_])(\s?%)?/gu;
/** `trial 3`, `trials …, 21, 27 and 30`, `#30`. */
const trialForm = /\btrials?\s+(?:…,\s*)?#?\d+(?:\s*(?:,\s*(?:and\s+)?|and|to|or|–|-)\s*#?\d+(?!\.?\d))*|(?<!\w)#\d+/giu;

/** Places of a text that hold numbers of trials. */
export function trialPlaces(text: string): { start: number; end: number; numbers: number[] }[] {
  return [...text.matchAll(trialForm)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    numbers: (match[0].match(/\d+/g) ?? []).map(Number),
  }));
}

/** The numbers of a text, trials' numbers and digits inside names left out. */
export function readNumbers(text: string): NumberInText[] {
  const trials = trialPlaces(text);
  return [...text.matchAll(numberForm)].flatMap((match) => {
    const start = match.index;
    if (trials.some((place) => start >= place.start && start < place.end)) return [];
    const [all, sign = "", digits = "", exponent = "", percent] = match;
    // A dash between two numbers is a range, not a sign.
    const isRange = sign !== "" && /[\d%]\s?$/.test(text.slice(0, start));
    const isSigned = sign !== "" && !isRange;
    const size = Number(`${digits.replaceAll(",", "")}${exponent.replace("−", "-")}`);
    const value = isSigned && sign !== "+" ? -size : size;
    const decimals = digits.split(".")[1]?.length ?? 0;
    return [{ value, decimals, isSigned, isPercent: percent !== undefined, start, end: start + all.length }];
  });
}

/** Whether the number tells this value, rounded to the digits written; `70 %` tells .704. */
export function tells(number: NumberInText, value: number): boolean {
  const told = number.isPercent ? number.value / 100 : number.value;
  const decimals = number.isPercent ? number.decimals + 2 : number.decimals;
  return Math.abs(told - value) <= 0.5 * 10 ** -decimals + 1e-9;
}
