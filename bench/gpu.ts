import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import type { Bench } from "./bench.ts";

const leastRatio = 0.9;
const target = `tokens/s of our SFT >= ${leastRatio * 100} % of plain TRL's in the same run; peak memory recorded`;

const resultSchema = z.looseObject({ ratio: z.number(), sft: z.json(), scripts: z.json(), device: z.string(), seconds: z.number() });

/** The four scripts on one GPU. The short form runs the same comparison of a tiny model on the CPU, and says no more than that it runs. */
export const bench: Bench = {
  name: "gpu",
  describe: "the four scripts on one GPU: tokens/s of SFT against plain TRL in the same run, and peak memory",
  async run({ root, scratch, smoke, print }) {
    const python = (args: string[]) =>
      execa(join(root, ".venv/bin/python"), args, {
        stderr: "inherit",
        env: { PYTHONPATH: join(root, "gpu-scripts"), OMP_NUM_THREADS: "1", HF_HUB_OFFLINE: "1", TRANSFORMERS_OFFLINE: "1" },
      });
    if (!smoke) {
      const { stdout } = await python(["-c", "import torch; print(torch.cuda.is_available())"]);
      if (stdout.trim() !== "True") {
        print("Not run: torch sees no CUDA GPU on this machine.");
        return { value: null, unit: "of plain TRL's tokens/s", target, pass: null, details: { lacks: "a CUDA GPU" } };
      }
    }
    const place = smoke ? ["--device", "cpu", "--smoke"] : ["--device", "cuda"];
    const { stdout } = await python([join(root, "bench/gpu/gpu.py"), "--out", join(scratch, "out"), ...place]);
    const { ratio, device, seconds, sft, scripts } = resultSchema.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
    print(JSON.stringify({ device, sft, scripts }, null, 2));
    return {
      value: Math.round(ratio * 1000) / 1000,
      unit: "of plain TRL's tokens/s",
      target,
      // A tiny model's step on a shared CPU is noise: the short form holds both paths to running.
      pass: smoke || ratio >= leastRatio,
      details: { device, seconds, sft, scripts },
    };
  },
};
