import { UserInputError } from "../errors.ts";
import type { PoolModel } from "../pool/objects.ts";
import type { Run, Store } from "../store/store.ts";
import { findModel } from "./find-model.ts";

/** Takes a pin back. @throws UserInputError when the model is not pinned. */
export async function unpinModel(
  store: Store,
  run: Pick<Run, "id" | "name">,
  { which, author }: { which: string; author: string },
): Promise<PoolModel> {
  const model = await findModel(store, run, which);
  await store.transaction(async (inside) => {
    if (!(await inside.pins.remove(run.id, model.id))) {
      throw new UserInputError(`${model.id} of ${run.name} is not pinned. See: temper pin --list`, { model: model.id }, "not_found");
    }
    const text = `${author} unpinned ${model.id}.`;
    await inside.events.append({ runId: run.id, kind: "model-unpin", actor: author, trial: null, text, fields: { model: model.id } });
  });
  return model;
}
