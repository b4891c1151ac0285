import { UserInputError } from "../../errors.ts";
import type { Topic } from "../answers/learned-answer.ts";
import type { RunFacts } from "../run-facts.ts";
import { readWanted } from "./read-wanted.ts";

/** What "what did you learn about …" is about; null when it names nothing and means everything. */
export async function readTopic(facts: RunFacts, text: string): Promise<Topic | null> {
  const { store, run } = facts;
  const { datasets, actionTypes, models } = await readWanted(facts, text);
  const [dataset] = datasets;
  if (dataset !== undefined) return { kind: "dataset", id: dataset };
  const [type] = actionTypes;
  if (type !== undefined) return { kind: "action type", id: type };
  const [model] = models;
  if (model !== undefined) return { kind: "model", id: model };
  if (text.trim() === "" || /^(?:it|this|that|everything|the run|all|so far)$/.test(text.trim())) return null;
  const known = (await store.objects.datasets(run.id)).map(({ id }) => id).join(", ");
  throw new UserInputError(
    `${run.name} knows nothing called "${text.trim()}". It has the datasets ${known} and the action types ${Object.keys(run.config.actions).join(", ")}.`,
    { text },
    "not_found",
  );
}
