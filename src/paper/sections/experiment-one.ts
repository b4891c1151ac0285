import { markdownTable } from "../../report/markdown-table.ts";
import { type Claim, claimSentence, describeParts, signOf, sunkTasks } from "../claims.ts";
import { armsChart } from "../figures.ts";
import type { ResultOf, Row } from "../results.ts";
import { basisOf, bullets, type Section, seedMeaning } from "../section.ts";
import { differenceOf, formatEstimate, overSeeds, aggregateOf, scoreOf } from "../statistics.ts";

type Result = ResultOf<"experiment-1">;

/** What the paper's table has beside a row. */
const paperScores: Readonly<Record<string, string>> = {
  lookahead: "Top-1 .458, Top-2 .463",
  sft_all: ".439",
  ties_grid: ".363",
  random: ".508 (ablation)",
  merges_only: ".398 (ablation; with SFT .527)",
};

function rowCells({ basis }: Result, row: Row): string[] {
  return [
    row.label,
    formatEstimate(scoreOf(basis, row, { split: "final" })),
    ...basis.tasks.map(({ id }) => formatEstimate(scoreOf(basis, row, { split: "final", task: id }))),
    formatEstimate(scoreOf(basis, row, { split: "search" })),
    paperScores[row.id] ?? "–",
  ];
}

/** The search that claims are about: the first that was run. */
function leadOf({ rows }: Result): Row | undefined {
  return rows.find(({ kind }) => kind === "search");
}

function whyOf({ basis, rows }: Result, a: Row, b: Row): string {
  const base = rows.find(({ kind }) => kind === "base");
  const singles = rows.filter(({ id }) => id.startsWith("sft "));
  const sunk = base === undefined ? [] : sunkTasks(basis, base, singles);
  const cause =
    sunk.length === 0 || (a.kind !== "all" && b.kind !== "all")
      ? ""
      : ` Training on everything takes in sets that alone spoil a task: ${sunk.join("; ")}.`;
  return `By task: ${describeParts(basis, a, b)}.${cause}`;
}

function claims(result: Result): Claim[] {
  const { basis, rows } = result;
  const lead = leadOf(result);
  const row = (id: string) => rows.find((each) => each.id === id);
  const claim = (says: string, paper: string | null, a: Row | undefined, b: Row | undefined): Claim[] =>
    a === undefined || b === undefined || a === b ? [] : [{ says, paper, difference: differenceOf(basis, a, b), why: whyOf(result, a, b) }];
  const shrinkage = overSeeds(lead?.reads.map(({ search, final }) => aggregateOf(basis, search) - aggregateOf(basis, final)) ?? []);
  const searchItems = basis.tasks.reduce((sum, { items }) => sum + items.search, 0);
  return [
    ...claim("The search beats SFT on all data", ".458 against .439", lead, row("sft_all")),
    ...claim("The search beats SFT on all data with 4× the steps", null, lead, row("sft_all_compute")),
    ...claim("The search beats the TIES grid", ".458 against .363", lead, row("ties_grid")),
    ...claim("SFT on all data beats the TIES grid", ".439 against .363", row("sft_all"), row("ties_grid")),
    ...claim("The search beats random choice", ".527 against .508", lead, row("random")),
    ...claim("The search beats ε-greedy", null, lead, row("greedy")),
    ...claim("SFT and merging beat merging alone", ".527 against .398", lead, row("merges_only")),
    ...claim("SFT, preferences and merging beat SFT alone", null, lead, row("sft_only")),
    ...claim("The best single SFT beats SFT on all data", null, row("best_single"), row("sft_all")),
    {
      says: "The chosen model's search score is higher than its final score",
      paper: ".603 against .527",
      difference: shrinkage,
      why: `Likely because a choice among ${basis.trials} models on ${searchItems} items has little luck in it beside what separates the models.`,
    },
  ];
}

/** Experiment 1: several skills into one base model. */
export function experimentOneSection(result: Result): Section {
  const { basis, rows, lacks } = result;
  const parts = claims(result);
  const differs = parts.filter(({ paper, difference }) => paper !== null && signOf(difference) !== "above").length;
  const compared = parts.filter(({ paper, difference }) => paper !== null && difference !== null).length;
  return {
    title: "Experiment 1: several skills into one base model",
    blocks: [
      `Config \`${basis.config}\`, base ${basis.base}. Scores on the ${basisOf(basis, "final")}; the last but one column is the same model's score on the ${basisOf(basis, "search")}, which chose it. Each search has ${basis.trials} chosen trials. ${seedMeaning(basis)}. The TIES grid merges the single SFTs, all that a merge takes or the three best, at each density; its best is chosen by search score, as the best single SFT is. Merging alone is given the single SFTs beside its budget: without them there is nothing to merge.`,
      markdownTable([
        ["arm", "mean of tasks, final", ...basis.tasks.map(({ id }) => `${id}, final`), "mean, search", "paper"],
        ...rows.map((row) => rowCells(result, row)),
      ]),
      { name: "experiment-1", alt: "final scores of all arms with 95 % intervals", chart: armsChart(basis, rows, basisOf(basis, "final")) },
      `Of ${compared} comparisons that the paper makes, ${compared - differs} come out as there, each by the interval of the difference paired by seed:`,
      bullets([...parts.map(claimSentence), ...lacks]),
    ],
  };
}
