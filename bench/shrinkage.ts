import type { Bench } from "./bench.ts";
import { type OptimismPlan, type OptimismRow, runForOptimism } from "./shrinkage/optimism-run.ts";

const policies = ["random", "greedy", "lookahead"] as const;
const budgets = [6, 15, 40] as const;
const itemCounts = [100, 400] as const;
const landscapes = ["flat", "varied"] as const;
const seedsEach = 3;

/** Every policy with every budget and number of items on every kind of landscape, so many seeds each. */
function plans(smoke: boolean): OptimismPlan[] {
  if (smoke) return policies.map((policy, seed) => ({ seed, policy, trials: 6, items: 100, landscape: "varied" }));
  const kinds = landscapes.flatMap((landscape) =>
    budgets.flatMap((trials) => itemCounts.flatMap((items) => policies.map((policy) => ({ landscape, trials, items, policy })))),
  );
  return Array.from({ length: seedsEach }, () => kinds)
    .flat()
    .map((kind, seed) => ({ ...kind, seed }));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The constant that would have been nearest to all of them: their median. */
function bestConstant(rows: readonly OptimismRow[]): number {
  const sorted = rows.map(({ actual }) => actual).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const round = (value: number) => Number(value.toFixed(4));

function summary(rows: readonly OptimismRow[]): { runs: number; actual: number; predicted: number } {
  const [actual, predicted] = [mean(rows.map((row) => row.actual)), mean(rows.map((row) => row.predicted))];
  return { runs: rows.length, actual: round(actual), predicted: round(predicted) };
}

/** How well a run knows by how much its best search score is too high. */
export const bench: Bench = {
  name: "shrinkage",
  describe: "predicted optimism of the best search score against confirm under fresh seeds, policies × budgets × landscapes",
  async run({ smoke, print }) {
    const rows: OptimismRow[] = [];
    for (const plan of plans(smoke)) {
      rows.push(await runForOptimism(plan));
      if (rows.length % 18 === 0) print(`${rows.length} runs`);
    }
    const constant = bestConstant(rows);
    const error = mean(rows.map((row) => Math.abs(row.actual - row.predicted)));
    const errorOfConstant = mean(rows.map((row) => Math.abs(row.actual - constant)));
    const groups = landscapes.flatMap((landscape) =>
      budgets.map((trials) => ({ landscape, trials, rows: rows.filter((row) => row.landscape === landscape && row.trials === trials) })),
    );
    return {
      value: Number(error.toFixed(4)),
      unit: `mean absolute error over ${rows.length} runs`,
      target: "below that of the best constant",
      pass: smoke || error < errorOfConstant,
      details: {
        constant: Number(constant.toFixed(4)),
        errorOfConstant: Number(errorOfConstant.toFixed(4)),
        all: summary(rows),
        groups: groups
          .filter((group) => group.rows.length > 0)
          .map(({ landscape, trials, rows: own }) => ({ landscape, trials, ...summary(own) })),
        runs: rows.map((row) => ({ ...row })),
      },
    };
  },
};
