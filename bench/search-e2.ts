import { wilson } from "#src/score/interval.ts";
import type { Bench } from "./bench.ts";
import { experimentTwo } from "./search/experiments.ts";
import { readingAt } from "#src/search/run-record.ts";
import { searchArms, worldsOf } from "./search/search-arms.ts";
import { shortRuns } from "./search/short-runs.ts";

const enough = 0.6;
const share = 0.9;

/** Whether the default finds the pipelines of which no single step pays, on the tiny world's tool use. */
export const bench: Bench = {
  name: "search-e2",
  describe:
    "tool use without losing instruction following, 40 chosen trials, real trainings: runs whose final is above .60; --worlds N, resumes",
  async run(context) {
    const worlds = worldsOf(context, experimentTwo.worlds);
    const plan = experimentTwo.plan(context.smoke, worlds);
    const records = await searchArms(context, plan);
    const at = `${plan.trials} trials`;
    const finals = records.map((record) => readingAt(record, at).final);
    const reached = finals.filter((final) => final > enough).length;
    const isWhole = worlds.length >= experimentTwo.worlds;
    const { mean, low, high } = wilson(reached / finals.length, finals.length);
    context.print(`${reached} of ${finals.length} runs reach more than ${enough} on final`);
    return {
      value: Number(mean.toFixed(3)),
      unit: `share of ${finals.length} runs with final > ${enough}`,
      target: `>= ${share} of >= ${experimentTwo.worlds} runs`,
      pass: context.smoke ? true : isWhole ? mean >= share : null,
      details: {
        ...(isWhole || context.smoke ? {} : { lacks: `${experimentTwo.worlds} worlds: ${worlds.length} were asked for` }),
        interval: { low, high },
        finals,
        runs: shortRuns(records),
      },
    };
  },
};
