import { UserInputError } from "../errors.ts";
import type { PoolModel } from "../pool/objects.ts";
import type { Trial } from "../store/store.ts";
import type { RunFacts } from "./run-facts.ts";

/** What a question is about: a model that was made and its trial, a trial that made none, or a base. */
export interface Subject {
  model: PoolModel | null;
  trial: Trial | null;
}

function ofTrial(facts: RunFacts, number: number): Subject {
  const trial = facts.trials.get(number);
  if (trial === undefined) {
    const last = facts.trials.size === 0 ? "none was started yet" : `the latest is ${Math.max(...facts.trials.keys())}`;
    throw new UserInputError(`Run ${facts.run.name} has no trial ${number}: ${last}.`, { trial: number }, "not_found");
  }
  return { trial, model: trial.model === null ? null : (facts.models.get(trial.model) ?? null) };
}

function ofModel(facts: RunFacts, model: PoolModel): Subject {
  return { model, trial: model.trial === null ? null : (facts.trials.get(model.trial) ?? null) };
}

/** The model with the highest aggregate on `search`; of equals the first. */
function best(facts: RunFacts): Subject {
  const [top] = [...facts.scores].toSorted((a, b) => b[1] - a[1]);
  const model = top === undefined ? undefined : facts.models.get(top[0]);
  if (model === undefined)
    throw new UserInputError(`No model of run ${facts.run.name} was evaluated yet: there is no best one to explain.`, {}, "not_found");
  return ofModel(facts, model);
}

/**
 * Finds what a person names: `m24`, a base's name, `33`, `trial 33` or `best`.
 * @throws UserInputError when the run has no such thing.
 */
export function findSubject(facts: RunFacts, name: string): Subject {
  const word = name.trim();
  const number = /^(?:trial\s*)?#?(\d+)$/i.exec(word)?.[1];
  if (number !== undefined) return ofTrial(facts, Number(number));
  if (word.toLowerCase() === "best") return best(facts);
  const model = facts.models.get(word) ?? [...facts.models.values()].find((each) => each.name === word);
  if (model !== undefined) return ofModel(facts, model);
  const ids = [...facts.models.keys()];
  throw new UserInputError(
    `Run ${facts.run.name} has no model "${word}". It has ${ids.length === 0 ? "none yet" : `${ids[0]} to ${ids.at(-1)}`}; a trial is named by its number, as in "temper why 12".`,
    { name: word },
    "not_found",
  );
}
