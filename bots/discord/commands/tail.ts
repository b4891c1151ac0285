import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { UserInputError } from "#src/errors.ts";
import { readLogTail } from "#tools/executors/read-log-tail.ts";
import { answer } from "../answer.ts";
import { defineCommand } from "../command.ts";
import { runOf } from "../place.ts";
import { codeBlock } from "#src/explain/answer/escape-markdown.ts";
import { numberOf, runOption, textOf } from "./options.ts";

const usualLines = 15;
/** What one message has room for, beside its frame. */
const mostCharacters = 1800;

/** `/tail`: the last lines that a trial's job wrote. */
export const tail = defineCommand({
  definition: {
    name: "tail",
    description: "The last lines of a trial's log",
    options: [
      {
        type: ApplicationCommandOptionType.Integer,
        name: "trial",
        description: "Its number",
        required: true,
        min_value: 1,
        autocomplete: true,
      },
      { type: ApplicationCommandOptionType.Integer, name: "lines", description: "How many (default 15)", min_value: 1, max_value: 40 },
      runOption,
    ],
  },
  isPrivate: true,
  parse: (input) => ({ trial: numberOf(input, "trial") ?? 0, lines: numberOf(input, "lines") ?? usualLines, run: textOf(input, "run") }),
  async run({ trial, lines, run: name }, place) {
    const run = await runOf(place, name);
    const job = (await place.store.jobs.ofTrial(run.id, trial)).at(-1);
    if (job === undefined)
      throw new UserInputError(`Trial ${trial} of ${run.name} has no job: nothing was started for it.`, { trial }, "not_found");
    const text = await readLogTail(job.directory, lines);
    const what = `Trial ${trial}, attempt ${job.attempt} (${job.outcome ?? job.state})`;
    if (text === "") return answer(`${what} has written nothing yet.`);
    return answer(`${what}:\n${codeBlock(place.desk.redact(text).slice(-mostCharacters))}`);
  },
});
