import { buildRecipe, formatRecipe } from "#src/pipeline/recipe.ts";
import { bestModel } from "../../terminal/best-model.ts";
import { answer } from "../answer.ts";
import { defineCommand } from "../command.ts";
import { runOf } from "../place.ts";
import { runOption, textOf, wordOption } from "./options.ts";

/** `/recipe`: how a model was made, as a file that makes it again. */
export const recipe = defineCommand({
  definition: {
    name: "recipe",
    description: "How a model was made, as a file that makes it again without an agent",
    options: [wordOption("model", "A model; left out, the best one"), runOption],
  },
  parse: (input) => ({ model: textOf(input, "model"), run: textOf(input, "run") }),
  async run({ model, run: name }, place) {
    const run = await runOf(place, name);
    const id = model ?? (await bestModel(place.store, run));
    const built = await buildRecipe(place.store, run, id);
    const file = `${run.name}-${id}.yaml`;
    const content = Buffer.from(formatRecipe(built));
    return answer(`The recipe of **${id}**. Make it again with \`temper replay ${file}\`.`, { files: [{ name: file, content }] });
  },
});
