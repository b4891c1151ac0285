import { UserInputError } from "../errors.ts";
import type { PoolModel } from "../pool/objects.ts";
import { bestModel } from "../service/best-model.ts";
import { describePassedOver } from "../service/passed-over.ts";
import type { Trial } from "../store/store.ts";
import type { RunFacts } from "./run-facts.ts";

/** What a question is about: a model that was made and its trial, a trial that made none, or a base. */
export interface Subject {
  model: PoolModel | null;
  trial: Trial | null;
}

async function ofTrial({ store, run }: RunFacts, number: number): Promise<Subject> {
  const trial = await store.trials.find(run.id, number);
  if (trial === null) {
    const last = (await store.trials.list(run.id)).at(-1);
    const known = last === undefined ? "none was started yet" : `the latest is ${last.number}`;
    throw new UserInputError(`Run ${run.name} has no trial ${number}: ${known}.`, { trial: number }, "not_found");
  }
  const made = trial.model === null ? null : await store.objects.find(run.id, trial.model);
  return { trial, model: made?.kind === "model" ? made : null };
}

async function ofModel({ store, run }: RunFacts, model: PoolModel): Promise<Subject> {
  return { model, trial: model.trial === null ? null : await store.trials.find(run.id, model.trial) };
}

/** The model with the best aggregate on `search` that meets its floors. */
async function best(facts: RunFacts): Promise<Subject> {
  const id = await bestModel(facts.store, facts.run, facts.scores);
  const model = id === null ? null : await facts.store.objects.find(facts.run.id, id);
  if (model?.kind === "model") return ofModel(facts, model);
  const why = (await describePassedOver(facts.store, facts.run, facts.scores, null)) ?? "No model was evaluated yet.";
  throw new UserInputError(`Run ${facts.run.name} has no best model to explain. ${why}`, {}, "not_found");
}

/**
 * Finds what a person names: `m24`, a base's name, `33`, `trial 33` or `best`.
 * @throws UserInputError when the run has no such thing.
 */
export async function findSubject(facts: RunFacts, name: string): Promise<Subject> {
  const word = name.trim();
  const number = /^(?:trial\s*)?#?(\d+)$/i.exec(word)?.[1];
  if (number !== undefined) return ofTrial(facts, Number(number));
  if (word.toLowerCase() === "best") return best(facts);
  const object = await facts.store.objects.find(facts.run.id, word);
  if (object?.kind === "model") return ofModel(facts, object);
  const models = await facts.store.objects.models(facts.run.id);
  const base = models.find((each) => each.name === word);
  if (base !== undefined) return ofModel(facts, base);
  throw new UserInputError(
    `Run ${facts.run.name} has no model "${word}". It has ${models.length === 0 ? "none yet" : `${models[0]?.id} to ${models.at(-1)?.id}`}; a trial is named by its number, as in "temper why 12".`,
    { name: word },
    "not_found",
  );
}
