import { UserInputError } from "../errors.ts";
import type { PoolModel } from "../pool/objects.ts";
import type { Run, Store } from "../store/store.ts";

/** A model of a run by its id, a base by its name, or the model of a trial (`trial 12`, `#12`, `12`). */
export async function findModel(store: Store, run: Pick<Run, "id" | "name">, which: string): Promise<PoolModel> {
  const object = await store.objects.find(run.id, which);
  if (object?.kind === "model") return object;

  const number = /^(?:trial\s*|#)?(\d+)$/i.exec(which.trim())?.[1];
  if (number !== undefined) return modelOfTrial(store, run, Number(number));

  const models = await store.objects.models(run.id);
  const base = models.find((model) => model.name === which);
  if (base !== undefined) return base;
  const last = models.at(-1)?.id ?? "none";
  throw new UserInputError(
    `${run.name} has no model "${which}". Its models are m0 to ${last}; a trial is named by its number.`,
    { which },
    "not_found",
  );
}

async function modelOfTrial(store: Store, run: Pick<Run, "id" | "name">, number: number): Promise<PoolModel> {
  const trial = await store.trials.find(run.id, number);
  if (trial === null) throw new UserInputError(`${run.name} has no trial ${number}.`, { trial: number }, "not_found");
  const model = trial.model === null ? null : await store.objects.find(run.id, trial.model);
  if (model?.kind === "model") return model;
  throw new UserInputError(
    `Trial ${number} of ${run.name} made no model: it is ${trial.state}${trial.failure === null ? "" : ` (${trial.failure})`}.`,
    {
      trial: number,
    },
  );
}
