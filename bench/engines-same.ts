import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Bench, BenchContext } from "./bench.ts";
import { withClusters } from "./engines/clusters.ts";
import { compareTables, readRunTable, type TableRow } from "./temper/run-table.ts";
import { runTemper } from "./temper/run-temper.ts";
import { writeWorldConfig } from "./temper/world-config.ts";

interface Place {
  kind: string;
  executor: Record<string, unknown>;
  environment: Readonly<Record<string, string>>;
}

/** The demo's run in a folder of its own on one engine, everything trained there. */
async function runOn({ kind, executor, environment }: Place, { root, scratch, smoke, print }: BenchContext): Promise<TableRow[]> {
  const directory = join(scratch, kind);
  mkdirSync(directory);
  const more = { executor, ...(smoke ? { baselines: false } : {}) };
  const file = writeWorldConfig(
    { root, example: "three-skills.yaml", directory },
    { name: "engines-same", world: 0, seed: 11, lanes: 1, trials: smoke ? 2 : 30, more },
  );
  const home = join(directory, "home");
  const args = ["start", file, "--home", home, "--yes", "--offline"];
  const { seconds, exitCode } = await runTemper({ root, args, print: null, environment });
  const table = await readRunTable(home, "engines-same");
  print(`${kind}: ${table.length} trials in ${seconds.toFixed(0)} s, exit code ${exitCode}`);
  return table;
}

/** One seed, one lane, three engines. */
export const bench: Bench = {
  name: "engines-same",
  describe: "a demo run under local, Slurm and Ray with one seed and one lane: same actions, model hashes and scores",
  run: async (context) =>
    await withClusters(
      { cpus: 2, gpus: 2 },
      { unit: "differences", target: "0: same actions, same model hashes, same scores in all three" },
      async (clusters) => {
        const local = await runOn({ kind: "local", executor: { kind: "local", lanes: 1 }, environment: {} }, context);
        const { environment } = await clusters.slurm();
        const slurm = await runOn({ kind: "slurm", executor: { kind: "slurm", gpus_per_job: 0 }, environment }, context);
        const { address } = await clusters.ray();
        const ray = await runOn({ kind: "ray", executor: { kind: "ray", gpus_per_job: 0, address }, environment: {} }, context);
        const differences = [
          ...compareTables(local, slurm).map((text) => `slurm, ${text}`),
          ...compareTables(local, ray).map((text) => `ray, ${text}`),
        ];
        for (const difference of differences.slice(0, 10)) context.print(difference);
        const made = local.filter((row) => row.modelHash !== null).length;
        return {
          value: differences.length,
          pass: differences.length === 0 && made > 0 && local.some((row) => row.kind === "chosen"),
          details: { trials: local.length, models: made, lanes: 1, differences: differences.slice(0, 10) },
        };
      },
    ),
};
