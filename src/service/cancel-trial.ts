import type { Run, Store } from "../store/store.ts";
import { checkCancellable } from "./check-cancellable.ts";

/**
 * Ends one trial that is under way or waits for people; its budget counts as far as it was used.
 * @throws UserInputError when there is no such trial, or it is over.
 */
export async function cancelTrial(
  store: Store,
  run: Pick<Run, "id" | "name">,
  { trial: number, author }: { trial: number; author: string },
): Promise<void> {
  await store.transaction(async (inside) => {
    await checkCancellable(inside, run, number);
    await inside.commands.add({ runId: run.id, kind: "cancel-trial", author, fields: { trial: number } });
    await inside.events.append({
      runId: run.id,
      kind: "trial-cancel",
      actor: author,
      trial: number,
      text: `${author} cancels trial ${number}.`,
      fields: {},
    });
  });
}
