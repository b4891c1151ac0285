import { UserInputError } from "../errors.ts";
import type { Run, Store, Trial } from "../store/store.ts";

/** The trial of this number, which is under way or waits. @throws UserInputError when there is none, or it is over. */
export async function checkCancellable(store: Store, run: Pick<Run, "id" | "name">, number: number): Promise<Trial> {
  const trial = await store.trials.find(run.id, number);
  if (trial === null) throw new UserInputError(`${run.name} has no trial ${number}.`, { trial: number }, "not_found");
  if (trial.state !== "done" && trial.state !== "failed" && trial.state !== "skipped") return trial;
  throw new UserInputError(`Trial ${number} of ${run.name} is ${trial.state}: there is nothing to cancel.`, { trial: number }, "conflict");
}
