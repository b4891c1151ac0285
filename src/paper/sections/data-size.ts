import { markdownTable } from "../../report/markdown-table.ts";
import { claimSentence } from "../claims.ts";
import { linesChart, type LinePoint } from "../figures.ts";
import type { ResultOf } from "../results.ts";
import { basisOf, bullets, type Section, seedMeaning } from "../section.ts";
import { type Estimate, formatDifference, formatEstimate, overSeeds, shareOfSeeds } from "../statistics.ts";
import { spearman } from "../../score/spearman.ts";

type Result = ResultOf<"data-size">;
type Pipeline = Result["seeds"][number]["pipelines"][number];

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Final scores of a kind's pipelines at one share; those that failed are left out. */
function finalsAt(pipelines: readonly Pipeline[], at: number, kind?: Pipeline["kind"]): number[] {
  return pipelines.filter((each) => kind === undefined || each.kind === kind).flatMap(({ finals }) => finals[at] ?? []);
}

function meanOfKind({ seeds }: Result, at: number, kind: Pipeline["kind"]): Estimate | null {
  return overSeeds(
    seeds.flatMap(({ pipelines }) => {
      const finals = finalsAt(pipelines, at, kind);
      return finals.length === 0 ? [] : [mean(finals)];
    }),
  );
}

/** What the top pipelines are ahead of the random ones at a share, by seed. */
function aheadAt({ seeds }: Result, at: number): Estimate | null {
  return overSeeds(
    seeds.flatMap(({ pipelines }) => {
      const [top, random] = [finalsAt(pipelines, at, "top"), finalsAt(pipelines, at, "random")];
      return top.length === 0 || random.length === 0 ? [] : [mean(top) - mean(random)];
    }),
  );
}

/** Spearman's correlation of the pipelines' final scores at the searched share and at another, by seed. */
function correlation({ seeds }: Result, at: number): Estimate | null {
  return overSeeds(
    seeds.flatMap(({ pipelines }) => {
      const both = pipelines.flatMap(({ finals }) => {
        const [small, large] = [finals[0], finals[at]];
        return small === null || small === undefined || large === null || large === undefined ? [] : [{ small, large }];
      });
      if (both.length < 3) return [];
      return (
        spearman(
          both.map(({ small }) => small),
          both.map(({ large }) => large),
        ) ?? []
      );
    }),
    [-1, 1],
  );
}

/** The place of the pipeline that the search put first, among all re-made ones; 1 is best, ties count for it. */
function placeOfFirst(pipelines: readonly Pipeline[], at: number): number | null {
  const first = pipelines.filter(({ kind }) => kind === "top").toSorted((a, b) => b.search - a.search)[0]?.finals[at];
  if (first === null || first === undefined) return null;
  return 1 + finalsAt(pipelines, at).filter((final) => final > first).length;
}

function placesAt({ seeds }: Result, at: number): number[] {
  return seeds.flatMap(({ pipelines }) => placeOfFirst(pipelines, at) ?? []);
}

/** Data-size scaling: what was found on little data, on more. */
export function dataSizeSection(result: Result): Section {
  const { basis, shares, seeds } = result;
  const [searched = 1] = shares;
  const times = (share: number) => `${Math.round((100 * share) / searched) / 100}×`;
  const tops = Math.max(0, ...seeds.map(({ pipelines }) => pipelines.filter(({ kind }) => kind === "top").length));
  const randoms = Math.max(0, ...seeds.map(({ pipelines }) => pipelines.filter(({ kind }) => kind === "random").length));
  const points = shares.flatMap((share, at) =>
    (["top", "random"] as const).flatMap((kind): LinePoint[] => {
      const estimate = meanOfKind(result, at, kind);
      return estimate === null ? [] : [{ line: kind === "top" ? `top ${tops}` : `${randoms} random`, at: times(share), estimate }];
    }),
  );
  const last = shares.length - 1;
  const lost = seeds.reduce((sum, { pipelines }) => sum + pipelines.filter(({ finals }) => finals.includes(null)).length, 0);
  const places = placesAt(result, last);
  const stays = shareOfSeeds(places.map((place) => place === 1));
  const growth = overSeeds(
    seeds.flatMap(({ pipelines }) => {
      const [small, large] = [finalsAt(pipelines, 0, "top"), finalsAt(pipelines, last, "top")];
      return small.length === 0 || large.length === 0 ? [] : [mean(large) - mean(small)];
    }),
  );
  return {
    title: "Data-size scaling",
    blocks: [
      `Config \`${basis.config}\`, base ${basis.base}: a search of ${basis.trials} chosen trials in which every training sees ${Math.round(100 * searched)} % of each set's rows (1×), then its top ${tops} pipelines and ${randoms} random ones of the others made again with ${shares.map((share) => `${times(share)} (${Math.round(100 * share)} %)`).join(", ")}. Steps are those of the settings: where those are fixed numbers, more data means fewer passes over it, not more training. Scores on the ${basisOf(basis, "final")}. ${seedMeaning(basis)}.`,
      markdownTable([
        [
          "data",
          `top ${tops}, mean`,
          `${randoms} random, mean`,
          "top − random",
          "rank correlation with 1×",
          "the search's first is first",
          "its place, mean",
        ],
        ...shares.map((share, at) => [
          times(share),
          formatEstimate(meanOfKind(result, at, "top")),
          formatEstimate(meanOfKind(result, at, "random")),
          formatDifference(aheadAt(result, at)),
          at === 0 ? "1" : formatEstimate(correlation(result, at)),
          formatEstimate(shareOfSeeds(placesAt(result, at).map((place) => place === 1))),
          formatEstimate(overSeeds(placesAt(result, at), [1, tops + randoms]), (place) => place.toFixed(1)),
        ]),
      ]),
      {
        name: "data-size",
        alt: "top and random pipelines at more data",
        chart: linesChart(points, { title: "Found on little data", subtitle: basisOf(basis, "final"), x: "data", y: "score" }),
      },
      bullets([
        claimSentence({
          says: `The top pipelines found at 1× are better than random ones at ${times(shares[last] ?? 1)}`,
          paper: "they stay the best at 2×, 4× and 6×",
          difference: aheadAt(result, last),
          why: "The pipelines here differ more in what they do than in how much data they see.",
        }),
        `At ${times(shares[last] ?? 1)} the search's first pipeline is the first of ${tops + randoms} in ${places.filter((place) => place === 1).length} of ${places.length} seeds (share ${formatEstimate(stays)}). It was chosen on search items at 1× and is read on final items, so part of what it loses is the luck of having been chosen.`,
        claimSentence({
          says: `The top pipelines gain from more data (1× to ${times(shares[last] ?? 1)})`,
          paper: null,
          difference: growth,
        }),
        ...(lost === 0 ? [] : [`${lost} pipelines had a step that failed at some share and are left out there.`]),
      ]),
    ],
  };
}
