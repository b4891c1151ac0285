import { checkConfig } from "../../config/check-config.ts";
import { UserInputError } from "../../errors.ts";
import type { Run } from "../../store/store.ts";
import { type AddedObjects, describeAdded, isNothing, withAdded } from "./added-objects.ts";

/**
 * Makes sure that something may join a run.
 * @throws UserInputError with the reason: it is there already, `final` was opened, or the config would make no sense.
 */
export function checkExtension(run: Pick<Run, "name" | "config" | "finalOpenedAt">, added: AddedObjects): void {
  if (isNothing(added)) throw new UserInputError(`Nothing would join ${run.name}: name a model, a dataset or a task.`);
  for (const section of ["models", "datasets", "tasks"] as const) {
    const [known] = Object.keys(added[section]).filter((name) => Object.hasOwn(run.config[section], name));
    if (known === undefined) continue;
    throw new UserInputError(
      `${run.name} has a ${section.slice(0, -1)} "${known}" already, and what stands on it cannot be undone: give the new one another name.`,
      { [section]: known },
      "conflict",
    );
  }
  if (run.finalOpenedAt !== null)
    throw new UserInputError(
      `${run.name} has opened its final split: nothing can join it any more. Start a new run with ${describeAdded(added)}.`,
      {},
      "conflict",
    );
  const [problem] = checkConfig(withAdded(run.config, added));
  if (problem !== undefined) throw new UserInputError(`${problem.path.join(".")}: ${problem.message}`);
}
