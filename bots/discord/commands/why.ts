import { explainModel } from "#src/explain/explain-model.ts";
import { renderWhy } from "#src/explain/render-why.ts";
import { answer } from "../answer.ts";
import { defineCommand } from "../command.ts";
import { runOf } from "../place.ts";
import { runOption, textOf, wordOption } from "./options.ts";

/** `/why`: the record behind a choice. */
export const why = defineCommand({
  definition: {
    name: "why",
    description: "Why was it chosen? From the record, never from guesses",
    options: [wordOption("what", "A model (m24), a trial (33) or best; left out, the best one"), runOption],
  },
  parse: (input) => ({ what: textOf(input, "what") ?? "best", run: textOf(input, "run") }),
  async run({ what, run: name }, place) {
    const run = await runOf(place, name);
    return answer(renderWhy(await explainModel(place.store, run, what), { style: "markdown" }));
  },
});
