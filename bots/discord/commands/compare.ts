import { compareModels } from "#src/service/compare-models.ts";
import { formatChangeInterval, formatScore } from "#src/memory/format-score.ts";
import { answer } from "../answer.ts";
import { defineCommand } from "../command.ts";
import { runOf } from "../place.ts";
import { escapeMarkdown } from "#src/explain/answer/escape-markdown.ts";
import { runOption, textOf, wordOption } from "./options.ts";

/** `/compare`: two models on the same items. */
export const compare = defineCommand({
  definition: {
    name: "compare",
    description: "Is one model really better than another? Paired over the same items",
    options: [wordOption("first", "A model or a trial", true), wordOption("second", "The other one", true), runOption],
  },
  parse: (input) => ({ a: textOf(input, "first") ?? "", b: textOf(input, "second") ?? "", run: textOf(input, "run") }),
  async run({ a, b, run: name }, place) {
    const run = await runOf(place, name);
    const found = await compareModels(place.store, run, { a, b });
    const verdict = {
      a: `**${found.a}** is better than **${found.b}**`,
      b: `**${found.b}** is better than **${found.a}**`,
      tie: `**${found.a}** and **${found.b}** are tied`,
    }[found.better];
    const tasks = Object.entries(found.tasks).map(([task, measured]) => `${escapeMarkdown(task)} ${formatChangeInterval(measured)}`);
    const { difference, noiseFloor } = found;
    const isUnderNoise = noiseFloor !== null && Math.abs(difference.mean) < noiseFloor;
    const noise = isUnderNoise ? ` The gap is under the noise floor ${formatScore(noiseFloor)}.` : "";
    return answer(
      `${verdict}: ${found.a} − ${found.b} = ${formatChangeInterval(difference)} on ${difference.split}, ${difference.items} items, paired, 95 % interval.${noise}\nBy task: ${tasks.join(" · ")}`,
    );
  },
});
