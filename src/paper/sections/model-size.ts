import { formatScore } from "../../memory/format-score.ts";
import { markdownTable } from "../../report/markdown-table.ts";
import { linesChart, type LinePoint } from "../figures.ts";
import { type KeptAtGap, orderKept, survives, survivingGap, type TwoSizes } from "../order-kept.ts";
import type { ResultOf } from "../results.ts";
import { basisOf, bullets, type Section, seedMeaning } from "../section.ts";
import { type Estimate, formatEstimate, overSeeds } from "../statistics.ts";
import { spearman } from "../../score/spearman.ts";

type Result = ResultOf<"model-size">;

function finalsOf({ reads }: Result, pipeline: number, size: string): number[] {
  return reads.filter((read) => read.pipeline === pipeline && read.size === size).map(({ final }) => final);
}

function twoSizes({ reads }: Result, from: string, to: string): TwoSizes[] {
  const large = new Map(reads.filter(({ size }) => size === to).map(({ seed, pipeline, final }) => [`${seed} ${pipeline}`, final]));
  return reads
    .filter(({ size }) => size === from)
    .flatMap(({ seed, pipeline, final }) => {
      const other = large.get(`${seed} ${pipeline}`);
      return other === undefined ? [] : [{ seed, pipeline, small: final, large: other }];
    });
}

function correlation(pairs: readonly TwoSizes[]): Estimate | null {
  const seeds = [...new Set(pairs.map(({ seed }) => seed))];
  return overSeeds(
    seeds.flatMap((seed) => {
      const own = pairs.filter((pair) => pair.seed === seed);
      if (own.length < 3) return [];
      return (
        spearman(
          own.map(({ small }) => small),
          own.map(({ large }) => large),
        ) ?? []
      );
    }),
    [-1, 1],
  );
}

const gapText = ({ from, to }: KeptAtGap) => (to === 1 ? `over ${formatScore(from)}` : `${formatScore(from)} to ${formatScore(to)}`);

function sentence(from: string, to: string, pairs: readonly TwoSizes[]): string {
  const kept = orderKept(pairs);
  const gap = survivingGap(kept);
  const measured = kept.filter((each) => each.kept !== null);
  const small = orderKept(pairs, [0, 0.05])[0]?.kept ?? null;
  const large = orderKept(pairs, [0.05, 1])[0]?.kept ?? null;
  const found =
    measured.length === 0
      ? "no pair of pipelines was measured"
      : gap === null
        ? `at no gap does the order of two pipelines survive in ${Math.round(100 * survives)} % of the pairs`
        : gap === 0
          ? `at every gap the order survives in at least ${Math.round(100 * survives)} % of the pairs`
          : `from a gap of ${formatScore(gap)} on the order survives in at least ${Math.round(100 * survives)} % of the pairs`;
  const same = large !== null && large.mean >= survives && small !== null && small.mean < survives;
  const paper =
    small === null || large === null
      ? "The paper's bound of .05 cannot be judged: there are no pairs on one side of it."
      : same
        ? "That is the paper's finding: the order carries over above about .05 and not below."
        : `The paper finds that the order carries over only above about .05: here ${formatEstimate(large)} of the pairs above it keep their order, and ${formatEstimate(small)} of those below, so ${large.mean < survives ? "**a gap above it is no warrant here**" : "**it carries over below it, too**"}.`;
  return `${from} → ${to}: ${found}. ${paper}`;
}

/** Model-size scaling: whether what is better on a small base is better on a larger one. */
export function modelSizeSection(result: Result): Section {
  const { basis, sizes, pipelines, lacks } = result;
  const [first = ""] = sizes;
  const steps = sizes.slice(1).map((size) => ({ size, pairs: twoSizes(result, first, size) }));
  const points = pipelines.flatMap(({ label }, index) =>
    sizes.flatMap((size): LinePoint[] => {
      const estimate = overSeeds(finalsOf(result, index, size), [0, 1]);
      return estimate === null ? [] : [{ line: label, at: size, estimate }];
    }),
  );
  return {
    title: "Model-size scaling",
    blocks: [
      `Config \`${basis.config}\`: ${pipelines.length} pipelines that experiment 1's searches found on ${first}, evenly spaced by their search score, made again on ${sizes.join(", ")}. Scores on the ${basisOf(basis, "final")}. ${seedMeaning(basis)}.`,
      markdownTable([
        ["pipeline", ...sizes.map((size) => `on ${size}`), "actions"],
        ...pipelines.map(({ label, steps: actions }, index) => [
          label,
          ...sizes.map((size) => formatEstimate(overSeeds(finalsOf(result, index, size), [0, 1]))),
          `${actions.length}`,
        ]),
      ]),
      ...(steps.length === 0
        ? []
        : [
            {
              name: "model-size",
              alt: "scores of the pipelines by size of the base",
              chart: linesChart(points, {
                title: "The same pipelines on larger bases",
                subtitle: basisOf(basis, "final"),
                x: "base",
                y: "score",
              }),
            },
            markdownTable([
              ["sizes", "rank correlation", ...orderKept([]).map((each) => `order kept, gap ${gapText(each)}`)],
              ...steps.map(({ size, pairs }) => [
                `${first} → ${size}`,
                formatEstimate(correlation(pairs)),
                ...orderKept(pairs).map(({ kept, pairs: count }) => `${formatEstimate(kept)}, ${count} pairs`),
              ]),
            ]),
          ]),
      bullets([...steps.map(({ size, pairs }) => sentence(first, size, pairs)), ...lacks]),
    ],
  };
}
