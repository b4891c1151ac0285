import { scoreWindows, windowLength } from "../../report/charts/windows.ts";
import { markdownTable } from "../../report/markdown-table.ts";
import { claimSentence, signOf } from "../claims.ts";
import { type LinePoint, panelsChart } from "../figures.ts";
import type { ResultOf } from "../results.ts";
import { basisOf, bullets, type Section } from "../section.ts";
import { type Estimate, formatEstimate, overSeeds } from "../statistics.ts";

type Result = ResultOf<"figure-5">;
type Arm = Result["arms"][number];

interface WindowOverSeeds {
  trials: string;
  mean: Estimate;
  maximum: Estimate;
  deviation: Estimate;
}

/** Windows of every seed's run, averaged over the seeds that got so far. Failed trials have no score and are left out. */
function windowsOf({ runs }: Arm): WindowOverSeeds[] {
  const bySeed = runs.map(({ scores }) => scoreWindows(scores.flatMap((score) => score ?? [])));
  const count = Math.max(0, ...bySeed.map((windows) => windows.length));
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const windows = bySeed.flatMap((each) => each[index] ?? []);
    const mean = overSeeds(windows.map((each) => each.mean));
    const maximum = overSeeds(windows.map((each) => each.maximum));
    const deviation = overSeeds(windows.map((each) => each.deviation));
    const trials = windows[0]?.trials ?? "";
    return mean === null || maximum === null || deviation === null ? [] : [{ trials, mean, maximum, deviation }];
  });
}

/** Last window minus the first, by seed. */
function rise({ runs }: Arm, of: "mean" | "maximum"): Estimate | null {
  return overSeeds(
    runs.flatMap(({ scores }) => {
      const windows = scoreWindows(scores.flatMap((score) => score ?? []));
      const [first, last] = [windows[0], windows.at(-1)];
      return first === undefined || last === undefined || first === last ? [] : [last[of] - first[of]];
    }),
  );
}

/** @param isLead the paper speaks of one search: of the others it says nothing. */
function sentencesOf(arm: Arm, isLead: boolean): string[] {
  const deviations = windowsOf(arm).map(({ deviation }) => deviation);
  const above = deviations.filter((deviation) => signOf(deviation) === "above").length;
  const paper = isLead ? "rises" : null;
  const says = (of: string) => `${arm.arm}: the ${of} rises from the first ${windowLength} trials to the last window`;
  return [
    claimSentence({ says: says("mean"), paper, difference: rise(arm, "mean") }),
    claimSentence({ says: says("maximum"), paper, difference: rise(arm, "maximum") }),
    `${arm.arm}: the deviation stays above zero${isLead ? " (as in the paper)" : ""} in ${above} of ${deviations.length} windows by its interval over seeds.`,
  ];
}

const statistics = ["mean", "maximum", "deviation"] as const;

/** Fig. 5: how the scores of a search go, in windows of trials. */
export function figureFiveSection({ basis, arms }: Result): Section {
  const panels = statistics.map((statistic) => ({
    y: statistic,
    points: arms.flatMap((arm) =>
      windowsOf(arm).map((window): LinePoint => ({ line: arm.arm, at: window.trials, estimate: window[statistic] })),
    ),
  }));
  return {
    title: `Fig. 5: mean, maximum and deviation per ${windowLength} trials`,
    blocks: [
      `Scores of the chosen trials of experiment 1's searches (${basisOf(basis, "search")}), in windows of ${windowLength}; the last window may be shorter, and a shorter window has a lower maximum by chance alone. Each number is a mean over seeds with its interval.`,
      markdownTable([
        ["arm", "trials", "mean", "maximum", "standard deviation"],
        ...arms.flatMap((arm) =>
          windowsOf(arm).map(({ trials, mean, maximum, deviation }) => [
            arm.arm,
            trials,
            formatEstimate(mean),
            formatEstimate(maximum),
            formatEstimate(deviation),
          ]),
        ),
      ]),
      {
        name: "figure-5",
        alt: "mean, maximum and deviation per window of trials",
        chart: panelsChart(panels, {
          title: `Mean, maximum and deviation per ${windowLength} trials`,
          subtitle: basisOf(basis, "search"),
          x: "chosen trials",
        }),
      },
      bullets(arms.flatMap((arm, index) => sentencesOf(arm, index === 0))),
    ],
  };
}
