import type { Bench } from "./bench.ts";
import { compareArms, formatInterval } from "./search/compare-arms.ts";
import { goodModel } from "./search/hybrid/scripted-models.ts";
import { searchWithModels } from "./search/hybrid/search-with-model.ts";
import { shortRuns } from "./search/short-runs.ts";

const worlds = 40;

/** Whether one true fact gets through from a language model to the search, on the simulated landscape of the policies' tests. */
export const bench: Bench = {
  name: "hybrid-good-llm",
  describe: "hybrid with a scripted model that knows which data conflict against the optimiser alone, simulated landscape",
  async run(context) {
    const { smoke, print, options } = context;
    const count = smoke ? 2 : (options.worlds ?? worlds);
    const trials = smoke ? 8 : 40;
    const records = await searchWithModels({ context, models: () => ({ "knows conflicts": goodModel }), worlds: count, trials });
    const comparison = compareArms(records, ["knows conflicts", "alone"], `${trials} trials`);
    const lead = comparison.ahead["alone"] ?? { mean: Number.NaN, low: Number.NaN, high: Number.NaN };
    print(`knows conflicts − alone: ${formatInterval(lead)}`);
    const isWhole = count >= worlds;
    return {
      value: Number(lead.mean.toFixed(4)),
      unit: "what the model's fact adds to the optimiser alone, mean over worlds",
      target: `95 % interval above 0, ${worlds} worlds`,
      pass: smoke ? true : isWhole ? lead.low > 0 : null,
      details: {
        ...(isWhole || smoke ? {} : { lacks: `${worlds} worlds: ${count} were asked for` }),
        world: "the simulated landscape of tests/fixtures/landscape.ts; score = search score of the best model",
        comparison: JSON.parse(JSON.stringify(comparison)),
        runs: shortRuns(records),
      },
    };
  },
};
