import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";

const exampleSchema = z.looseObject({
  datasets: z.record(z.string(), z.looseObject({ path: z.string() })),
  tasks: z.record(z.string(), z.looseObject({ path: z.string() })),
});

/** Baselines of a short form: one training, and its repeat. */
export const fewBaselines = { singles: false, sft_all: true, sft_all_compute: null, ties_grid: false, noise_repeats: 1 };

/** Writes a variant of an example on the tiny world: another world (data draw), seed, lanes or budget. */
export function writeWorldConfig(
  { root, example, directory }: { root: string; example: string; directory: string },
  {
    name,
    world,
    seed,
    lanes,
    trials,
    more = {},
  }: { name: string; world: number; seed: number; lanes: number; trials: number; more?: Record<string, unknown> },
): string {
  const config = exampleSchema.parse(parse(readFileSync(join(root, "examples", example), "utf8")));
  const inWorld = <T extends { path: string }>(objects: Record<string, T>) =>
    Object.fromEntries(Object.entries(objects).map(([id, object]) => [id, { ...object, path: `${object.path}?world=${world}` }]));
  const variant = {
    ...config,
    name,
    datasets: inWorld(config.datasets),
    tasks: inWorld(config.tasks),
    budget: { trials },
    executor: { kind: "local", lanes },
    seed,
    ...more,
  };
  const file = join(directory, `${name}.yaml`);
  writeFileSync(file, stringify(variant));
  return file;
}
