import { join } from "node:path";
import { openStore } from "#src/store/open-store.ts";
import type { Bench } from "./bench.ts";
import { compareArms, formatInterval } from "./search/compare-arms.ts";
import { badModels } from "./search/hybrid/scripted-models.ts";
import { searchWithModel } from "./search/hybrid/search-with-model.ts";
import type { RunRecord } from "#src/search/run-record.ts";

const mostLost = 0.02;
const widest = 0.02;
const worlds = 40;

/** Whether a language model that is of no use does harm, on the simulated landscape of the policies' tests. */
export const bench: Bench = {
  name: "hybrid-bad-llm",
  describe: "hybrid with adversarial, random and position-biased scripted models against the optimiser alone, simulated landscape",
  async run({ smoke, scratch, print, options }) {
    const count = smoke ? 2 : (options.worlds ?? worlds);
    const trials = smoke ? 8 : 40;
    const store = await openStore({ home: join(scratch, "home") });
    const records: RunRecord[] = [];
    try {
      for (let worldNumber = 0; worldNumber < count; worldNumber++) {
        records.push(await searchWithModel({ store, arm: "alone", model: null, worldNumber, trials }));
        for (const [arm, create] of Object.entries(badModels))
          records.push(await searchWithModel({ store, arm, model: create(worldNumber), worldNumber, trials }));
        if ((worldNumber + 1) % 5 === 0) print(`${worldNumber + 1} of ${count} worlds`);
      }
    } finally {
      await store.close();
    }
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
        runs: JSON.parse(JSON.stringify(records)),
      },
    };
  },
};
