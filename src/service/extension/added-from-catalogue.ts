import { didYouMean } from "../../config/did-you-mean.ts";
import { UserInputError } from "../../errors.ts";
import type { ServerConfig } from "../../server/server-config.ts";
import type { AddedObjects } from "./added-objects.ts";

type Section = keyof AddedObjects;

/** A name of the catalogue; `section` is null where nobody said whether it is a model, a dataset or a task. */
export interface CatalogueName {
  section: Section | null;
  name: string;
}

const sections = ["models", "datasets", "tasks"] as const;

/**
 * What the owner's catalogue says of names: only what stands there may join a run by chat.
 * @throws UserInputError for a name that it does not have, or has twice.
 */
export function addedFromCatalogue(catalogue: ServerConfig["catalogue"], names: readonly CatalogueName[]): AddedObjects {
  const added: AddedObjects = { models: {}, datasets: {}, tasks: {} };
  for (const { section, name } of names) {
    const places = (section === null ? sections : [section]).filter((each) => Object.hasOwn(catalogue[each], name));
    const [place] = places;
    if (place === undefined) throw unknown(catalogue, section, name);
    if (places.length > 1)
      throw new UserInputError(
        `The owner's catalogue has ${places.map((each) => `a ${each.slice(0, -1)}`).join(" and ")} called "${name}": say which, such as: add ${place.slice(0, -1)} ${name}`,
        { name },
      );
    take(added, catalogue, place, name);
  }
  return added;
}

function take(added: AddedObjects, catalogue: ServerConfig["catalogue"], section: Section, name: string): void {
  const { models, datasets, tasks } = catalogue;
  const [model, dataset, task] = [models[name], datasets[name], tasks[name]];
  if (section === "models" && model !== undefined) added.models[name] = model;
  if (section === "datasets" && dataset !== undefined) added.datasets[name] = dataset;
  if (section === "tasks" && task !== undefined) added.tasks[name] = task;
}

function unknown(catalogue: ServerConfig["catalogue"], section: Section | null, name: string): UserInputError {
  const known = (section === null ? sections : [section]).flatMap((each) => Object.keys(catalogue[each]));
  const what = section === null ? "nothing called" : `no ${section.slice(0, -1)}`;
  return new UserInputError(
    `The owner's catalogue has ${what} "${name}".${didYouMean(name, known) || " It has none."}`,
    { name },
    "not_found",
  );
}
