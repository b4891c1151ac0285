import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import type { Bench } from "./bench.ts";

/** Scores by pipeline: one record of task scores for each world. */
const pipelinesSchema = z.record(z.string(), z.array(z.record(z.string(), z.number())));
const effectsSchema = z.strictObject({
  split: z.string(),
  "three-skills": pipelinesSchema.optional(),
  "tool-use": pipelinesSchema.optional(),
});
type Pipelines = z.infer<typeof pipelinesSchema>;

/** Reads one pipeline's score in each world: on one task, or the mean of all. */
function scoresOf(pipelines: Pipelines, name: string, task?: string): number[] {
  return (pipelines[name] ?? []).map((scores) => {
    const values = task === undefined ? Object.values(scores) : [scores[task] ?? Number.NaN];
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
}

/** The smallest difference in any world. */
function leastGap(larger: readonly number[], smaller: readonly number[]): number {
  return Math.min(...larger.map((value, world) => value - (smaller[world] ?? Number.NaN)));
}

/** By how much each published effect clears what is asked for, in the world where it does so least. */
function threeSkillMargins(pipelines: Pipelines): Record<string, number> {
  const bestSingle = scoresOf(pipelines, "base").map((_, world) =>
    Math.max(...Object.keys(pipelines).flatMap((name) => (/^SFT (?!all)/.test(name) ? [scoresOf(pipelines, name)[world] ?? 0] : []))),
  );
  return {
    sft_on_math_lifts_math: leastGap(scoresOf(pipelines, "SFT math", "math"), scoresOf(pipelines, "base", "math")) - 0.3,
    math_last_beats_math_first: leastGap(scoresOf(pipelines, "math_noisy > math"), scoresOf(pipelines, "math > math_noisy")),
    best_single_beats_all: leastGap(bestSingle, scoresOf(pipelines, "SFT all")),
  };
}

function toolMargins(pipelines: Pipelines): Record<string, number> {
  const merged = "linear(SFT all > DPO, SFT all)";
  return {
    merge_keeps_instr: Math.min(...scoresOf(pipelines, merged, "instr")) - 0.8,
    merge_keeps_tool: Math.min(...scoresOf(pipelines, merged, "tool")) - 0.35,
  };
}

/** The effects that the tiny world is built for, measured through the same scripts that runs use. */
export const bench: Bench = {
  name: "tiny-effects",
  describe: "the tiny world's published effects, 5 worlds × training seeds: margin of the weakest in its worst world",
  async run({ root, scratch, smoke, print }) {
    const file = join(scratch, "effects.json");
    const short = smoke ? ["--experiments", "tool-use", "--worlds", "0"] : [];
    const { stdout } = await execa(join(root, ".venv/bin/python"), ["-m", "temper_gpu.tiny_world", "effects", "--json", file, ...short], {
      stderr: "inherit",
      env: { PYTHONPATH: join(root, "gpu-scripts"), OMP_NUM_THREADS: "1", HF_HUB_OFFLINE: "1", TRANSFORMERS_OFFLINE: "1" },
    });
    print(stdout);
    const effects = effectsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    const skills = effects["three-skills"];
    const tools = effects["tool-use"];
    const margins = { ...(skills ? threeSkillMargins(skills) : {}), ...(tools ? toolMargins(tools) : {}) };
    const value = Math.min(...Object.values(margins));
    return {
      value: Number(value.toFixed(3)),
      unit: "score above what is asked for",
      target: "> 0 for every effect in every world",
      pass: value > 0,
      details: { margins, split: effects.split, "three-skills": skills ?? null, "tool-use": tools ?? null },
    };
  },
};
