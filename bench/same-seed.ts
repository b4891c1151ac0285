import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { runTemper } from "./temper/run-temper.ts";
import { compareTables, readRunTable, type TableRow } from "./temper/run-table.ts";
import { fewBaselines, writeWorldConfig } from "./temper/world-config.ts";

/** Two runs of one seed in folders of their own, one lane, everything trained twice. */
export const bench: Bench = {
  name: "same-seed",
  describe: "two runs with one seed and one lane in fresh folders: same actions, model hashes and scores",
  async run({ root, scratch, smoke, print }) {
    const file = writeWorldConfig(
      { root, example: "three-skills.yaml", directory: scratch },
      { name: "same-seed", world: 0, seed: 11, lanes: 1, trials: smoke ? 3 : 20, more: smoke ? { baselines: fewBaselines } : {} },
    );
    const tables: TableRow[][] = [];
    for (const folder of ["first", "second"]) {
      const home = join(scratch, folder);
      const { seconds, exitCode } = await runTemper({ root, args: ["start", file, "--home", home, "--yes", "--offline"], print: null });
      const table = await readRunTable(home, "same-seed");
      print(`${folder}: ${table.length} trials in ${seconds.toFixed(0)} s, exit code ${exitCode}`);
      tables.push(table);
    }
    const [first = [], second = []] = tables;
    const differences = compareTables(first, second);
    for (const difference of differences.slice(0, 10)) print(difference);
    const made = first.filter((row) => row.modelHash !== null).length;
    return {
      value: differences.length,
      unit: "differences",
      target: "0: same actions, same model hashes, same scores",
      pass: differences.length === 0 && made > 0 && first.some((row) => row.kind === "chosen"),
      details: { trials: first.length, models: made, lanes: 1, differences: differences.slice(0, 10) },
    };
  },
};
