import { UserInputError } from "../../errors.ts";
import { knownWords } from "../../service/steering/known-words.ts";
import type { Wanted } from "../answers/why-not-answer.ts";
import type { RunFacts } from "../run-facts.ts";

/** The objects and action types that a person's words name; words that name nothing are passed over. */
export async function readWanted({ store, run }: RunFacts, text: string): Promise<Wanted> {
  const models = await store.objects.models(run.id);
  const datasets = await store.objects.datasets(run.id);
  const known = knownWords(run, models, datasets);
  const isDataset = new Set(datasets.map(({ id }) => id));
  const wanted = { actionTypes: new Set<string>(), models: new Set<string>(), datasets: new Set<string>() };
  const words = text.toLowerCase().split(/[^\p{L}\p{N}_-]+/u);
  for (const [place, word] of words.entries()) {
    const object = known.objects.get(word);
    // `a linear merge` is one type, not a type and all merges.
    const compound = known.actionTypes.get(`merge_${word}`) ?? known.actionTypes.get(`merge_${word.replaceAll("-", "_")}`);
    const type = (words[place + 1] ?? "").startsWith("merg") ? compound : undefined;
    const actionType = type ?? known.actionTypes.get(word) ?? (word.startsWith("merg") ? known.actionTypes.get("merge") : undefined);
    if (object !== undefined) (isDataset.has(object) ? wanted.datasets : wanted.models).add(object);
    else if (/^m\d+$/.test(word)) throw new UserInputError(`${run.name} has no model "${word}": ${known.describe}.`, { word }, "not_found");
    if (actionType !== undefined) wanted.actionTypes.add(actionType);
    else {
      const absent = unconfigured[word];
      if (absent !== undefined) wanted.actionTypes.add(absent);
    }
  }
  if (wanted.actionTypes.size > 1) wanted.actionTypes.delete("merge");
  return { actionTypes: [...wanted.actionTypes], models: [...wanted.models], datasets: [...wanted.datasets], text };
}

/** Types that people ask about though the run may not have them. */
const unconfigured: Readonly<Record<string, string>> = {
  sft: "sft",
  dpo: "dpo",
  kto: "kto",
  orpo: "orpo",
  grpo: "grpo",
  ppo: "ppo",
  linear: "merge_linear",
  slerp: "merge_slerp",
  ties: "merge_ties",
  dare: "merge_dare_ties",
};
