import { didYouMean } from "../config/did-you-mean.ts";
import { UserInputError } from "../errors.ts";
import type { Run, Store } from "../store/store.ts";

/** A run by id or name. @throws UserInputError that names what there is. */
export async function findRun(store: Store, idOrName: string): Promise<Run> {
  const run = await store.runs.find(idOrName);
  if (run !== null) return run;
  const names = [...new Set((await store.runs.list()).map((known) => known.name))];
  const hint = names.length === 0 ? " No run was started yet: temper start temper.yaml" : didYouMean(idOrName, names);
  throw new UserInputError(`There is no run "${idOrName}".${hint}`, { run: idOrName }, "not_found");
}
