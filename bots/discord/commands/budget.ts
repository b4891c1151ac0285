import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { leftOf, readCaps } from "#src/budget/caps.ts";
import type { BudgetWords } from "#graphs/chat/grammar/intent.ts";
import { formatAmount } from "#src/budget/format-amount.ts";
import { answer } from "../answer.ts";
import { defineCommand } from "../command.ts";
import { runOf } from "../place.ts";
import { escapeMarkdown } from "#src/explain/answer/escape-markdown.ts";
import { requireRole } from "../require-role.ts";
import { numberOf, runOption, textOf } from "./options.ts";

const { Integer, Number: Decimal } = ApplicationCommandOptionType;

/** `/budget`: what is left, or a change of it, which becomes a card. */
export const budget = defineCommand({
  definition: {
    name: "budget",
    description: "What is left of a run's budget; with a number, asks to change it",
    options: [
      { type: Integer, name: "trials", description: "Chosen trials in all", min_value: 1, max_value: 100_000 },
      { type: Integer, name: "steps", description: "Optimiser steps of the chosen trials in all", min_value: 1 },
      { type: Decimal, name: "device_hours", description: "Device-hours in all", min_value: 0 },
      { type: Decimal, name: "usd", description: "Dollars in all", min_value: 0 },
      runOption,
    ],
  },
  parse(input) {
    const change = {
      trials: numberOf(input, "trials"),
      steps: numberOf(input, "steps"),
      device_hours: numberOf(input, "device_hours"),
      usd: numberOf(input, "usd"),
    };
    const given: BudgetWords = { ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null)), mode: "to" };
    return { change: Object.keys(given).length === 1 ? null : given, run: textOf(input, "run") };
  },
  async run({ change, run: name }, place) {
    const run = await runOf(place, name);
    if (change !== null) {
      requireRole(place.person, "operator", "change a budget");
      const proposal = await place.desk.wishes.propose(run, { kind: "change-budget", budget: change }, place.person);
      return answer(`Here is the change of **${escapeMarkdown(run.name)}**'s budget; it holds once somebody confirms it.`, { proposal });
    }
    const lines = (await readCaps(place.store, run)).map((cap) => {
      const percent = Math.round((100 * (cap.spent + cap.reserved)) / cap.limit);
      const reserved = cap.reserved > 0 ? ` (with ${formatAmount(cap.name, cap.reserved)} held for what runs)` : "";
      return `**${formatAmount(cap.name, leftOf(cap))}** of ${formatAmount(cap.name, cap.limit)} left, ${percent} % gone${reserved}`;
    });
    return answer([`Budget of **${escapeMarkdown(run.name)}**:`, ...lines].join("\n"));
  },
});
