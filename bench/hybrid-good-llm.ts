import { join } from "node:path";
import { openStore } from "#src/store/open-store.ts";
import type { Bench } from "./bench.ts";
import { compareArms, formatInterval } from "./search/compare-arms.ts";
import { goodModel } from "./search/hybrid/scripted-models.ts";
import { searchWithModel } from "./search/hybrid/search-with-model.ts";
import type { RunRecord } from "#src/search/run-record.ts";

const worlds = 40;

/** Whether one true fact gets through from a language model to the search, on the simulated landscape of the policies' tests. */
export const bench: Bench = {
  name: "hybrid-good-llm",
  describe: "hybrid with a scripted model that knows which data conflict against the optimiser alone, simulated landscape",
  async run({ smoke, scratch, print, options }) {
    const count = smoke ? 2 : (options.worlds ?? worlds);
    const trials = smoke ? 8 : 40;
    const store = await openStore({ home: join(scratch, "home") });
    const records: RunRecord[] = [];
    try {
      for (let worldNumber = 0; worldNumber < count; worldNumber++) {
        records.push(await searchWithModel({ store, arm: "alone", model: null, worldNumber, trials }));
        records.push(await searchWithModel({ store, arm: "knows conflicts", model: goodModel, worldNumber, trials }));
        if ((worldNumber + 1) % 5 === 0) print(`${worldNumber + 1} of ${count} worlds`);
      }
    } finally {
      await store.close();
    }
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
        runs: JSON.parse(JSON.stringify(records)),
      },
    };
  },
};
