import { markdownTable } from "../../report/markdown-table.ts";
import { claimSentence, signOf } from "../claims.ts";
import { twoTasksChart } from "../figures.ts";
import type { ResultOf, Row } from "../results.ts";
import { basisOf, bullets, type Section, seedMeaning } from "../section.ts";
import { differenceOf, formatDifference, formatEstimate, scoreOf } from "../statistics.ts";

type Result = ResultOf<"experiment-2">;

/** What may be lost of the skill that is to be kept, and still counts as kept. */
const margin = 0.02;

function keptSentence({ basis }: Result, best: Row, base: Row, task: string): string {
  const says = `The best pipeline keeps ${task} (paper: .804 → .810)`;
  const difference = differenceOf(basis, best, base, task);
  if (difference === null) return `${says}: not measured.`;
  if (difference.interval === null) return `${says}: here ${formatDifference(difference)}; one seed decides nothing.`;
  const { low, high } = difference.interval;
  const verdict =
    low >= -margin
      ? `as in the paper: not more than ${margin} is lost.`
      : high < 0
        ? "**not as in the paper: some of it is lost.** The search maximises the mean of the tasks, so it gives up some of one where the other gains more."
        : `**open**: a loss of more than ${margin} is not excluded.`;
  return `${says}: here ${formatDifference(difference)}; ${verdict}`;
}

/** Whether any of these rows raises a task above the base; the paper finds that none does. */
function noneSentence({ basis }: Result, rows: readonly Row[], base: Row, { task, says }: { task: string; says: string }): string {
  const differences = rows.flatMap((row) => {
    const difference = differenceOf(basis, row, base, task);
    return difference === null ? [] : [{ label: row.label, difference }];
  });
  const told = differences.map(({ label, difference }) => `${label} ${formatDifference(difference)}`).join(", ");
  if (differences.length === 0) return `${says}: not measured.`;
  if (differences.some(({ difference }) => difference.interval === null)) return `${says}: ${told}; one seed decides nothing.`;
  const raising = differences.filter(({ difference }) => signOf(difference) === "above").map(({ label }) => label);
  return `${says}: ${told}; ${raising.length === 0 ? "as in the paper, none shows a gain." : `**not as in the paper: ${raising.join(", ")} gains.**`}`;
}

/** Experiment 2 (Fig. 4): a new skill into a model that has another to keep. */
export function experimentTwoSection(result: Result): Section {
  const { basis, rows, lacks } = result;
  const [kept, target] = [basis.tasks[0]?.id ?? "", basis.tasks.at(-1)?.id ?? ""];
  const base = rows.find(({ kind }) => kind === "base");
  const best = rows.find(({ kind }) => kind === "search");
  const ofKind = (kind: Row["kind"]) => rows.filter((row) => row.kind === kind);
  const sft = ofKind("single").filter(({ id }) => id.startsWith("sft"));
  const others = ofKind("single").filter(({ id }) => !id.startsWith("sft"));
  const sentences =
    base === undefined || best === undefined
      ? []
      : [
          claimSentence({
            says: `The best pipeline found raises ${target}`,
            paper: ".410 → .500",
            difference: differenceOf(basis, best, base, target),
          }),
          keptSentence(result, best, base, kept),
          noneSentence(result, sft, base, { task: target, says: `SFT on a single set does not raise ${target}` }),
          noneSentence(result, ofKind("all"), base, { task: target, says: `SFT on all sets does not raise ${target}` }),
          ...others.map((row) =>
            claimSentence({ says: `${row.label} alone raises ${target}`, paper: null, difference: differenceOf(basis, row, base, target) }),
          ),
        ];
  return {
    title: "Experiment 2 (Fig. 4): tool use into an instruct model",
    blocks: [
      `Config \`${basis.config}\`, base ${basis.base}. Scores on the ${basisOf(basis, "final")}. The search has ${basis.trials} chosen trials. ${seedMeaning(basis)}.`,
      markdownTable([
        ["arm", ...basis.tasks.map(({ id }) => id), "mean of tasks", "mean, search split"],
        ...rows.map((row) => [
          row.label,
          ...basis.tasks.map(({ id }) => formatEstimate(scoreOf(basis, row, { split: "final", task: id }))),
          formatEstimate(scoreOf(basis, row, { split: "final" })),
          formatEstimate(scoreOf(basis, row, { split: "search" })),
        ]),
      ]),
      { name: "experiment-2", alt: `${kept} and ${target} of all arms`, chart: twoTasksChart(basis, rows, basisOf(basis, "final")) },
      bullets([...sentences, ...lacks]),
    ],
  };
}
