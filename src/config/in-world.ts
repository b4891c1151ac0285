import type { RunConfig } from "./run-config.ts";

const isTiny = (path: string) => path.startsWith("tiny-world:");

/** The config with the tiny world's data and tasks drawn anew; what comes from elsewhere stays as it is. */
export function inWorld(config: RunConfig, world: number): RunConfig {
  const drawn = (path: string) => (isTiny(path) ? `${path.replace(/\?world=\d+$/, "")}?world=${world}` : path);
  const datasets = Object.fromEntries(
    Object.entries(config.datasets).map(([id, dataset]) => [id, { ...dataset, path: drawn(dataset.path) }]),
  );
  const tasks = Object.fromEntries(
    Object.entries(config.tasks).map(([id, task]) => [id, task.kind === "generate" ? { ...task, path: drawn(task.path) } : task]),
  );
  return { ...config, datasets, tasks };
}
