import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";

const exampleSchema = z.looseObject({
  tasks: z.record(z.string(), z.looseObject({})),
  actions: z.looseObject({ sft: z.looseObject({}), dpo: z.looseObject({}) }),
});

/** What the bench puts into the example: where things are, and how much is done. */
export interface RealModelPlan {
  name: string;
  model: string;
  datasets: { gsm8k: string; mawps: string; helpful: string };
  tasks: { one_step: string; two_step: string };
  /** Items of a task in each split. */
  items: number;
  mark: string;
  maxNewTokens: number;
  sft: Record<string, number>;
  dpo: Record<string, number>;
  trials: number;
}

/** Writes `examples/real-model.yaml` with one's own model and data, as a person would. */
export function writeRealModelConfig(root: string, directory: string, plan: RealModelPlan): string {
  const example = exampleSchema.parse(parse(readFileSync(join(root, "examples/real-model.yaml"), "utf8")));
  const { items, mark, maxNewTokens, datasets } = plan;
  const task = (name: "one_step" | "two_step") => ({
    ...example.tasks[name],
    path: plan.tasks[name],
    verifier: { kind: "number", after: mark },
    max_new_tokens: maxNewTokens,
    items: { search: items, confirm: items, final: items },
  });
  const config = {
    ...example,
    name: plan.name,
    models: { instruct: { path: plan.model } },
    datasets: {
      gsm8k: { path: datasets.gsm8k },
      // MAWPS's folds share near-copies of questions; those that are equal were left out when the files were written.
      mawps: { path: datasets.mawps, on_overlap: "warn" },
      helpful: { path: datasets.helpful, format: "preference" },
    },
    tasks: { one_step: task("one_step"), two_step: task("two_step") },
    actions: { ...example.actions, sft: { ...example.actions.sft, ...plan.sft }, dpo: { ...example.actions.dpo, ...plan.dpo } },
    budget: { trials: plan.trials },
    // Nobody is there to be asked, and before any job was seen the estimates are wide.
    approval: { on_time_limit: "extend" },
    // Two trainings of this size at once wait for the same memory.
    executor: { kind: "local", lanes: 1 },
  };
  const file = join(directory, `${plan.name}.yaml`);
  writeFileSync(file, stringify(config));
  return file;
}
