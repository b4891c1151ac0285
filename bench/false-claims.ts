import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { finalizeRun } from "#graphs/conductor/finalize.ts";
import type { FinalReport } from "#graphs/conductor/final-report.ts";
import { openScriptedWorld } from "#tests/graphs/scripted-world.ts";
import { splits } from "#src/pool/objects.ts";
import { wilson } from "#src/score/interval.ts";
import type { Bench, BenchContext } from "./bench.ts";
import { plantedLandscape } from "./false-claims/planted-landscape.ts";

const mostFalse = 0.05;
const fewestFound = 0.8;
const gain = 0.05;
/** Of each task over training seeds; of the mean of three tasks .012. */
const noise = 0.02;
const itemsPerSplit = 200;
const trials = 12;
const shortSteps = 20;

/** One run with its `finalize`, all with the usual settings: three candidates, three seeds. */
async function finalizeOne(seed: number, planted: number): Promise<FinalReport> {
  const world = await openScriptedWorld({
    name: `claims-${seed}`,
    actions: { sft: { max_steps: [80, shortSteps] } },
    mixture_datasets: 2,
    max_depth: 1,
    policy: "lookahead",
    baselines: {},
    budget: { trials },
    executor: { kind: "scripted", lanes: 1 },
    seed,
  });
  try {
    for (const task of world.run.tasks) {
      for (const split of splits)
        writeFileSync(join(task.path, `${split}.jsonl`), '{"prompt":"p","answer":"a","id":"1"}\n'.repeat(itemsPerSplit));
    }
    const isGood = ({ datasets, steps }: { datasets: readonly string[]; steps: number }) =>
      steps === shortSteps && datasets.includes("dataset-key-noisy");
    const conductor = world.conductor({ behaviour: { landscape: plantedLandscape({ seed, gain: planted, noise, isGood }) } });
    await conductor.follow(world.run.id);
    const outcome = await finalizeRun(await conductor.open(), world.run.id, { author: "bench" });
    if (outcome.status !== "ok") throw new Error(`Run ${seed} could not be finalized: ${outcome.status}.`);
    return outcome.report;
  } finally {
    await world.close();
  }
}

async function claims({ print }: BenchContext, count: number, planted: number) {
  const rows = [];
  for (let seed = 0; seed < count; seed++) {
    const { claim, winner, rows: final, confirmation, standing } = await finalizeOne(seed, planted);
    const confirmed = confirmation.rows.find((row) => row.model === winner);
    rows.push({
      seed,
      winner,
      against: claim.against.model,
      verdict: claim.verdict,
      mean: claim.difference?.mean ?? null,
      low: claim.difference?.low ?? null,
      high: claim.difference?.high ?? null,
      search: final[0]?.search.mean ?? null,
      confirm: confirmed?.confirm.mean ?? null,
      optimism: standing.optimism,
    });
    if ((seed + 1) % 10 === 0)
      print(`planted gain ${planted}: ${seed + 1} of ${count} runs, ${rows.filter((row) => row.verdict === "ahead").length} claims`);
  }
  const share = rows.filter((row) => row.verdict === "ahead").length / count;
  return { share, interval: wilson(share, count), rows };
}

/** How often `finalize` claims a gain over the strongest baseline where there is none, and where one is planted. */
export const bench: Bench = {
  name: "false-claims",
  describe: "gains that finalize claims: in worlds in which no action changes anything, and with one planted gain of .05",
  async run(context) {
    const count = context.smoke ? 2 : 200;
    const none = await claims(context, count, 0);
    const planted = await claims(context, count, gain);
    const { mean, low, high } = planted.interval;
    return {
      value: Math.round(none.share * 1000) / 1000,
      unit: `share of ${count} runs without a gain in which one is claimed`,
      target: `<= ${mostFalse}; with a planted gain of ${gain} claimed in >= ${fewestFound}`,
      pass: context.smoke || (none.share <= mostFalse && planted.share >= fewestFound),
      details: {
        noise,
        itemsPerSplit,
        trials,
        none: { share: none.share, low: none.interval.low, high: none.interval.high },
        planted: { share: mean, low, high },
        runs: { none: none.rows, planted: planted.rows },
      },
    };
  },
};
