import type { ConfigProblem } from "./check-config.ts";
import type { RunConfig } from "./run-config.ts";
import { sourcePath } from "./source-path.ts";

/** The config with every local path absolute, and the paths that lead nowhere. */
export function resolvePaths(config: RunConfig, directory: string): { config: RunConfig; problems: ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const resolved = (path: string, place: ConfigProblem["path"]): string => {
    const found = sourcePath(path, directory);
    if (found.where === "missing") {
      problems.push({
        path: place,
        message: `no such file or directory: ${path} (looked for ${found.path}; paths count from the config's directory)`,
      });
    }
    return found.path;
  };
  const sources = <Source extends { path: string }>(section: "models" | "datasets", entries: Record<string, Source>) =>
    Object.fromEntries(
      Object.entries(entries).map(([name, source]) => [name, { ...source, path: resolved(source.path, [section, name, "path"]) }]),
    );
  const tasks: RunConfig["tasks"] = {};
  for (const [name, task] of Object.entries(config.tasks)) {
    if (task.kind === "generate") tasks[name] = { ...task, path: resolved(task.path, ["tasks", name, "path"]) };
    else if (task.include_path === undefined) tasks[name] = task;
    else tasks[name] = { ...task, include_path: resolved(task.include_path, ["tasks", name, "include_path"]) };
  }
  const models = sources("models", config.models);
  const datasets = sources("datasets", config.datasets);
  if (config.executor.kind !== "scripted" || config.executor.script === undefined)
    return { config: { ...config, models, datasets, tasks }, problems };
  const executor = { ...config.executor, script: resolved(config.executor.script, ["executor", "script"]) };
  return { config: { ...config, models, datasets, tasks, executor }, problems };
}
