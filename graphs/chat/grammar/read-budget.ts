import type { BudgetWords } from "./intent.ts";

const amounts = {
  trials: /(\d+)\s*(?:more |extra |additional |further )?(?:trials?|experiments?)\b/,
  device_hours: /(\d+(?:\.\d+)?)\s*(?:more |extra |additional |further )?(?:device|gpu|compute|cpu)?[- ]?(?:hours?|hrs?|h)\b/,
  device_minutes: /(\d+(?:\.\d+)?)\s*(?:more |extra |additional |further )?(?:device|gpu|compute|cpu)[- ]?(?:minutes?|mins?)\b/,
  usd: /(?:\$\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*(?:more |extra )?(?:dollars?|usd|bucks))/,
} as const;

const more = /\b(?:more|extra|additional|further|another|by|add|extend|increase by|raise by)\b/;

/** Amounts of trials, device-hours and money in a sentence; null when it names none. */
export function readBudget(text: string): BudgetWords | null {
  const budget: BudgetWords = { mode: more.test(text) && !/\b(?:to|no more than|not more than|at most)\b/.test(text) ? "by" : "to" };
  const number = (form: RegExp): number | null => {
    const match = form.exec(text);
    return match === null ? null : Number(match[1] ?? match[2]);
  };
  const trials = number(amounts.trials);
  const minutes = number(amounts.device_minutes);
  const hours = minutes === null ? number(amounts.device_hours) : minutes / 60;
  const usd = number(amounts.usd);
  if (trials !== null) budget.trials = trials;
  if (hours !== null) budget.device_hours = hours;
  if (usd !== null) budget.usd = usd;
  return trials === null && hours === null && usd === null ? null : budget;
}
