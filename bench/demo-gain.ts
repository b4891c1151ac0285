import { join } from "node:path";
import { z } from "zod";
import type { Bench } from "./bench.ts";
import { finalReportSchema } from "./temper/answers.ts";
import { askTemper, runTemper } from "./temper/run-temper.ts";
import { writeWorldConfig } from "./temper/world-config.ts";

const leastMeanGain = 0.12;

/** Winner against SFT on all data with 4 × the steps, on `final`, in several worlds with a run seed each. */
export const bench: Bench = {
  name: "demo-gain",
  describe: "the winner against compute-matched SFT on all data, final split, 5 run seeds × worlds",
  async run({ root, scratch, smoke, print }) {
    const pairs = smoke ? [0] : [0, 1, 2, 3, 4];
    const trials = smoke ? 2 : 30;
    const rows: {
      seed: number;
      winner: number;
      sftAllCompute: number;
      gain: number;
      low: number;
      high: number;
      shrinkage: number;
      seconds: number;
    }[] = [];
    for (const seed of pairs) {
      const name = `gain-${seed}`;
      const file = writeWorldConfig(
        { root, example: "three-skills.yaml", directory: scratch },
        { name, world: seed, seed, lanes: 2, trials },
      );
      const home = join(scratch, name);
      const { seconds } = await runTemper({ root, args: ["start", file, "--home", home, "--yes", "--offline"], print: null });
      const { answer } = await askTemper({ root, args: ["finalize", name, "--home", home], print: null }, finalReportSchema);
      const winner = answer.rows.find((row) => row.model === answer.winner);
      const rival = answer.rows.find((row) => row.label === "sft_all_compute");
      const gain = z.looseObject({ mean: z.number(), low: z.number(), high: z.number() }).parse(winner?.overSftAllCompute);
      rows.push({
        seed,
        winner: winner?.final.mean ?? 0,
        sftAllCompute: rival?.final.mean ?? 0,
        gain: gain.mean,
        low: gain.low,
        high: gain.high,
        shrinkage: answer.shrinkage,
        seconds,
      });
      print(
        `seed and world ${seed}: winner ${winner?.final.mean.toFixed(3)}, SFT on all 4× ${rival?.final.mean.toFixed(3)}, gain ${gain.mean.toFixed(3)} [${gain.low.toFixed(3)}, ${gain.high.toFixed(3)}], ${seconds.toFixed(0)} s`,
      );
    }
    const mean = rows.reduce((sum, row) => sum + row.gain, 0) / rows.length;
    const always = rows.every((row) => row.gain > 0);
    return {
      value: Math.round(mean * 1000) / 1000,
      unit: "mean gain on final (600 items a run)",
      target: `> 0 in every one, mean >= ${leastMeanGain}`,
      pass: smoke || (always && mean >= leastMeanGain),
      details: { trials, rows },
    };
  },
};
