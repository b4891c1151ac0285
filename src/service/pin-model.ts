import { UserInputError } from "../errors.ts";
import type { PoolModel } from "../pool/objects.ts";
import type { Run, Store } from "../store/store.ts";
import { findModel } from "./find-model.ts";

/** Keeps a model's files, and those that it stands on, from being removed. @throws UserInputError when it is pinned already. */
export async function pinModel(
  store: Store,
  run: Pick<Run, "id" | "name">,
  { which, author, reason }: { which: string; author: string; reason: string | null },
): Promise<PoolModel> {
  const model = await findModel(store, run, which);
  await store.transaction(async (inside) => {
    if (!(await inside.pins.add({ runId: run.id, model: model.id, author, reason }))) {
      throw new UserInputError(`${model.id} of ${run.name} is pinned already. See: temper pin --list`, { model: model.id }, "conflict");
    }
    const text = `${author} pinned ${model.id}${reason === null ? "" : `: ${reason}`}.`;
    await inside.events.append({ runId: run.id, kind: "model-pin", actor: author, trial: null, text, fields: { model: model.id } });
  });
  return model;
}
