import { type RunConfig, runConfigSchema } from "../config/run-config.ts";
import type { Recipe } from "./recipe-schema.ts";

function without<Entry extends object, Key extends keyof Entry>(entry: Entry, ...keys: Key[]): Omit<Entry, Key> {
  const copy = { ...entry };
  for (const key of keys) delete copy[key];
  return copy;
}

/** The config of the run that replays a recipe: its sources and tasks, no search and no baselines. */
export function recipeConfig(recipe: Recipe, name = `replay-${recipe.name}`.slice(0, 60)): RunConfig {
  return runConfigSchema.parse({
    name,
    goal: `Replay of ${recipe.found.model} of run ${recipe.found.run}.`,
    models: Object.fromEntries(Object.entries(recipe.models).map(([id, model]) => [id, without(model, "key")])),
    datasets: Object.fromEntries(Object.entries(recipe.datasets).map(([id, dataset]) => [id, without(dataset, "key", "rows")])),
    tasks: Object.fromEntries(Object.entries(recipe.tasks).map(([id, task]) => [id, task.settings])),
    actions: {},
    policy: "random",
    baselines: false,
    seed: recipe.found.run_seed,
  });
}
