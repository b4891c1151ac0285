import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { personKey } from "#src/approval/person-key.ts";
import { describeSubject } from "#src/approval/request-approval.ts";
import { decide } from "#src/service/decide.ts";
import { answer } from "../answer.ts";
import { defineCommand } from "../command.ts";
import { runOf } from "../place.ts";
import { approveBeforehand, listBeforehand, revokeBeforehand } from "./beforehand.ts";
import { runOption, textOf, wordOption } from "./options.ts";

/** `/approve`: says yes or no to what waits, as the buttons of its card do. */
export const approve = defineCommand({
  definition: {
    name: "approve",
    description: "Say yes or no to what waits for people",
    options: [
      wordOption("which", "An approval (a3), a trial (31) or baselines; left out, the only one that waits"),
      {
        type: ApplicationCommandOptionType.String,
        name: "answer",
        description: "Default: yes",
        choices: [
          { name: "yes", value: "approved" },
          { name: "no", value: "rejected" },
        ],
      },
      { type: ApplicationCommandOptionType.String, name: "reason", description: "Kept in the run's memory", max_length: 500 },
      {
        type: ApplicationCommandOptionType.String,
        name: "beforehand",
        description: 'A yes to all of a kind: sft up to 5 device-hours until 2026-12-01; "list" shows those that hold',
        max_length: 200,
      },
      { type: ApplicationCommandOptionType.String, name: "revoke", description: "Takes a yes beforehand back: s1", max_length: 80 },
      runOption,
    ],
  },
  isPrivate: true,
  parse(input) {
    const to = textOf(input, "answer") === "rejected" ? ("rejected" as const) : ("approved" as const);
    const beforehand = textOf(input, "beforehand");
    const revoke = textOf(input, "revoke");
    return { which: textOf(input, "which"), to, reason: textOf(input, "reason"), beforehand, revoke, run: textOf(input, "run") };
  },
  async run({ which, to, reason, beforehand, revoke, run: name }, place) {
    const run = await runOf(place, name);
    const { person } = place;
    if (revoke !== null) return revokeBeforehand(place, run, revoke);
    if (beforehand !== null)
      return beforehand.toLowerCase() === "list" ? listBeforehand(place, run) : approveBeforehand(place, run, beforehand);
    const decided = await decide(place.store, run, {
      ...(which === null ? {} : { which }),
      to,
      by: person.name,
      person: personKey(person),
      role: person.role,
      reason,
    });
    place.desk.wake();
    return answer(`${decided.id} (${describeSubject(decided)}) is ${decided.state}.`);
  },
});
