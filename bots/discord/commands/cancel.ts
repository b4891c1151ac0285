import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { cancelTrial } from "#src/service/cancel-trial.ts";
import { answer } from "../answer.ts";
import { defineCommand } from "../command.ts";
import { runOf } from "../place.ts";
import { requireRole } from "../require-role.ts";
import { numberOf, runOption, textOf } from "./options.ts";

/** `/cancel`: ends one trial; the run goes on. */
export const cancel = defineCommand({
  definition: {
    name: "cancel",
    description: "End one trial that is under way; the run goes on",
    options: [
      {
        type: ApplicationCommandOptionType.Integer,
        name: "trial",
        description: "Its number",
        required: true,
        min_value: 1,
        autocomplete: true,
      },
      runOption,
    ],
  },
  parse: (input) => ({ trial: numberOf(input, "trial") ?? 0, run: textOf(input, "run") }),
  async run({ trial, run: name }, place) {
    requireRole(place.person, "operator", "cancel a trial");
    const run = await runOf(place, name);
    await cancelTrial(place.store, run, { trial, author: place.person.name });
    return answer(`Trial ${trial} of **${run.name}** is being cancelled. The run goes on with the next one.`);
  },
});
