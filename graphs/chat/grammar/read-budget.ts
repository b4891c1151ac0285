import type { BudgetWords } from "./intent.ts";

const amounts = {
  steps: /(\d{1,3}(?:,\d{3})+|\d+)(k)?\s*(?:more |extra |additional |further )?(?:optimi[sz]er[- ]|training[- ]|gradient[- ])?steps?\b/,
  trials: /(\d+)\s*(?:more |extra |additional |further )?(?:trials?|experiments?)\b/,
  device_hours: /(\d+(?:\.\d+)?)\s*(?:more |extra |additional |further )?(?:device|gpu|compute|cpu)?[- ]?(?:hours?|hrs?|h)\b/,
  device_minutes: /(\d+(?:\.\d+)?)\s*(?:more |extra |additional |further )?(?:device|gpu|compute|cpu)[- ]?(?:minutes?|mins?)\b/,
  usd: /(?:\$\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*(?:more |extra )?(?:dollars?|usd|bucks))/,
} as const;

const more = /\b(?:more|extra|additional|further|another|by|add|extend|increase by|raise by)\b/;

/** Amounts of trials, steps, device-hours and money in a sentence; null when it names none. */
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
  const steps = amounts.steps.exec(text);
  if (trials !== null) budget.trials = trials;
  if (steps !== null) budget.steps = Number(steps[1]?.replaceAll(",", "")) * (steps[2] === undefined ? 1 : 1000);
  if (hours !== null) budget.device_hours = hours;
  if (usd !== null) budget.usd = usd;
  return Object.keys(budget).length === 1 ? null : budget;
}
