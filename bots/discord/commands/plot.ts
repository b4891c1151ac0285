import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { UserInputError } from "#src/errors.ts";
import { bestModel } from "../../terminal/best-model.ts";
import { answer } from "../answer.ts";
import { defineCommand } from "../command.ts";
import { runOf } from "../place.ts";
import { runOption, textOf, wordOption } from "./options.ts";

const kinds = ["best-so-far", "effects", "windows", "lineage"] as const;
type PlotKind = (typeof kinds)[number];

const captions: Readonly<Record<PlotKind, string>> = {
  "best-so-far": "The best model so far over the chosen trials",
  effects: "What was learnt: effects on the score",
  windows: "Scores in windows of 15 trials",
  lineage: "How it was made",
};

/** `/plot`: a chart or a lineage as a picture. */
export const plot = defineCommand({
  definition: {
    name: "plot",
    description: "A picture: progress, effects, or how a model was made",
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: "what",
        description: "Default: progress",
        choices: [
          { name: "progress: the best so far", value: "best-so-far" },
          { name: "effects: what was learnt", value: "effects" },
          { name: "windows: mean, maximum and deviation", value: "windows" },
          { name: "lineage: how a model was made", value: "lineage" },
        ],
      },
      wordOption("model", "For the lineage; left out, the best one"),
      runOption,
    ],
  },
  parse(input) {
    const word = textOf(input, "what") ?? (textOf(input, "model") === null ? "best-so-far" : "lineage");
    const what = kinds.find((kind) => kind === word) ?? "best-so-far";
    return { what, model: textOf(input, "model"), run: textOf(input, "run") };
  },
  async run({ what, model, run: name }, place) {
    const run = await runOf(place, name);
    const id = what === "lineage" ? (model ?? (await bestModel(place.store, run))) : null;
    const content = await place.desk.pictures.ofRun(run.id, what, id);
    if (content === null) throw new UserInputError(`There is nothing to draw in ${run.name} yet: no trial was evaluated.`, {}, "not_found");
    return answer(`${captions[what]}${id === null ? "" : `: ${id}`}, run **${run.name}**.`, { files: [{ name: `${what}.png`, content }] });
  },
});
