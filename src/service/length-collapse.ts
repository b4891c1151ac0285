import type { Split } from "../pool/objects.ts";
import { collapsedAnswers } from "../score/length-collapse.ts";
import type { Store } from "../store/store.ts";

/** A model and what it was made from, by their keys. */
interface MadeModel {
  key: string;
  parents: readonly string[];
}

/** Why a model's answers count as collapsed in length against its parents', by task; empty when they do not. */
export async function lengthCollapse(store: Store, { key, parents }: MadeModel, split: Split): Promise<string[]> {
  const evaluations = await store.evaluations.ofModels([...new Set([key, ...parents])], split);
  const of = (model: string) => evaluations.filter(({ modelKey }) => modelKey === model);
  return collapsedAnswers(of(key), parents.map(of));
}
