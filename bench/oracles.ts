import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import type { Bench } from "./bench.ts";

const oracleSchema = z.record(z.string(), z.json());

/** The same inputs through our scripts and through the field's own tools. */
export const bench: Bench = {
  name: "oracles",
  describe: "the same inputs through mergekit's CLI, lm-eval's CLI and plain TRL: weights, per-item accuracies, loss curves",
  async run({ root, scratch, smoke, print }) {
    const { stdout, exitCode } = await execa(
      join(root, ".venv/bin/python"),
      [join(root, "bench/oracles/oracles.py"), "--out", scratch, ...(smoke ? ["--smoke"] : [])],
      {
        reject: false,
        stderr: "inherit",
        env: { PYTHONPATH: join(root, "gpu-scripts"), OMP_NUM_THREADS: "1", HF_HUB_OFFLINE: "1", TRANSFORMERS_OFFLINE: "1" },
      },
    );
    const details = oracleSchema.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
    print(JSON.stringify(details, null, 2));
    const value = z.number().parse(details["largest_weight_difference"]);
    return {
      value,
      unit: "largest weight difference",
      target: "<= 1e-6, accuracies equal per item, loss curves within 1e-3",
      pass: exitCode === 0 && details["pass"] === true,
      details,
    };
  },
};
