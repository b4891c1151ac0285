import type { RunConfig } from "../../config/run-config.ts";

/** Objects and tasks that are to join a run, as its config will name them. */
export type AddedObjects = Pick<RunConfig, "models" | "datasets" | "tasks">;

const sections = ["models", "datasets", "tasks"] as const;

/** True when nothing is to join. */
export function isNothing(added: AddedObjects): boolean {
  return sections.every((section) => Object.keys(added[section]).length === 0);
}

const fresh = <Entry>(known: Readonly<Record<string, Entry>>, entries: Readonly<Record<string, Entry>>) =>
  Object.fromEntries(Object.entries(entries).filter(([name]) => !Object.hasOwn(known, name)));

/** What one config names and an earlier one does not. */
export function addedObjects(before: AddedObjects, after: AddedObjects): AddedObjects {
  return {
    models: fresh(before.models, after.models),
    datasets: fresh(before.datasets, after.datasets),
    tasks: fresh(before.tasks, after.tasks),
  };
}

/** The config with what joins. */
export function withAdded(config: RunConfig, { models, datasets, tasks }: AddedObjects): RunConfig {
  return {
    ...config,
    models: { ...config.models, ...models },
    datasets: { ...config.datasets, ...datasets },
    tasks: { ...config.tasks, ...tasks },
  };
}

/**
 * What has to be registered for it: what joins, and the first model, whose tokenizer counts the tokens of a run's datasets.
 */
export function configToPrepare(config: RunConfig, added: AddedObjects): RunConfig {
  const [first] = Object.entries(config.models);
  return { ...config, ...added, models: { ...(first === undefined ? {} : { [first[0]]: first[1] }), ...added.models } };
}

/** `dataset gsm8k and task safety`. */
export function describeAdded(added: AddedObjects): string {
  const words = sections.flatMap((section) => Object.keys(added[section]).map((name) => `${section.slice(0, -1)} ${name}`));
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
