import type { ReplayedStep, ReplayOutcome } from "#graphs/conductor/replay.ts";
import { formatInterval } from "#src/memory/format-score.ts";
import type { Recipe } from "#src/pipeline/recipe.ts";
import { formatMargin } from "./format-margin.ts";
import { renderTable } from "./table.ts";

function verdict({ failure, sameHash, sameKey }: ReplayedStep): string {
  if (failure !== null) return `failed: ${failure.replaceAll("_", " ")}`;
  if (!sameKey) return "made, but of something else: its data, settings or script changed";
  if (sameHash === null) return "made";
  return sameHash ? "the same weights, bit by bit" : "made; its weights differ (another CPU or other versions)";
}

/** How a replay went, step by step, and whether the score is what the recipe expects. */
export function renderReplay(outcome: ReplayOutcome, recipe: Recipe, file: string): string {
  if (!("report" in outcome) && outcome.status === "ask")
    return `${outcome.why}. Answer with: temper approve, then temper replay ${file} again.\n`;
  if (!("report" in outcome)) return `Not replayed: ${outcome.why}.\n`;
  const { steps, score } = outcome.report;
  const actions = new Map(recipe.steps.map((step) => [step.name, step.action]));
  const table = renderTable(
    [{ title: "step" }, { title: "action" }, { title: "model" }, { title: "" }],
    steps.map((step) => [
      step.step,
      actions.get(step.step) ?? "",
      step.model ?? "",
      `${verdict(step)}${step.fromCache ? " (was known)" : ""}`,
    ]),
  );
  const causes = steps.flatMap(({ step, detail }) => (detail === null ? [] : [`Step ${step}: ${detail}\n`])).join("");
  if (score === null) return `${table}${causes}The pipeline was not finished. Once the cause is gone: temper replay ${file}\n`;
  const expected = score.expected === null ? "" : `; the recipe expects ${formatInterval(score.expected)}`;
  const held = score.isWithin === null ? "" : score.isWithin ? ": within it" : ": outside it";
  return `${table}Score ${formatMargin(score.measured)} on search${expected}${held}.\n`;
}
