import type { Bench } from "./bench.ts";
import { compareArms, formatInterval } from "./search/compare-arms.ts";
import { badModels, type ScriptedModel } from "./search/hybrid/scripted-models.ts";
import { searchWithModels } from "./search/hybrid/search-with-model.ts";
import { shortRuns } from "./search/short-runs.ts";

const mostLost = 0.02;
const widest = 0.02;
const worlds = 120;

function badModelsOf(worldNumber: number): Record<string, ScriptedModel> {
  return Object.fromEntries(Object.entries(badModels).map(([arm, create]) => [arm, create(worldNumber)]));
}

/** Whether a language model that is of no use does harm, on the simulated landscape of the policies' tests. */
export const bench: Bench = {
  name: "hybrid-bad-llm",
  describe: "hybrid with adversarial, random and position-biased scripted models against the optimiser alone, simulated landscape",
  async run(context) {
    const { smoke, print, options } = context;
    const count = smoke ? 2 : (options.worlds ?? worlds);
    const trials = smoke ? 8 : 40;
    const records = await searchWithModels({ context, models: badModelsOf, worlds: count, trials });
    const comparisons = Object.keys(badModels).map((arm) => ({ arm, ...compareArms(records, [arm, "alone"], `${trials} trials`) }));
    const leads = comparisons.flatMap(({ arm, ahead }) => (ahead["alone"] === undefined ? [] : [{ arm, ...ahead["alone"] }]));
    for (const lead of leads) print(`${lead.arm} − alone: ${formatInterval(lead)}`);
    const least = Math.min(...leads.map(({ low }) => low));
    const isNarrow = leads.every(({ low, high }) => (high - low) / 2 <= widest);
    const isWhole = count >= worlds;
    return {
      value: Number(least.toFixed(4)),
      unit: "lower 95 % bound of what the worst model adds to the optimiser alone",
      target: `> -${mostLost}, half-width <= ${widest}, ${worlds} worlds`,
      pass: smoke ? true : isWhole ? least > -mostLost && isNarrow : null,
      details: {
        ...(isWhole || smoke ? {} : { lacks: `${worlds} worlds: ${count} were asked for` }),
        world: "the simulated landscape of tests/fixtures/landscape.ts; score = search score of the best model",
        comparisons: JSON.parse(JSON.stringify(comparisons)),
        runs: shortRuns(records),
      },
    };
  },
};
