import { buildRecipe, formatRecipe } from "../../pipeline/recipe.ts";
import type { Run, Store } from "../../store/store.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer } from "../answer/answer.ts";

/** The recipe that makes a model anew, as a file to keep. */
export async function recipeAnswer(store: Store, run: Run, model: string): Promise<Answer> {
  const sheet = new AnswerSheet();
  const text = formatRecipe(await buildRecipe(store, run, model));
  sheet.source("model", model, `the actions that made ${model}, back to the base models`);
  return sheet.finish({
    lead: `The recipe of ${model}. Save it and replay it with: temper replay FILE`,
    sections: [{ title: null, block: sheet.quote(model, text) }],
    suggestions: [`why was ${model} chosen?`],
    subject: model,
  });
}
