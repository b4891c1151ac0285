import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { answer } from "../answer.ts";
import { defineCommand } from "../command.ts";
import { runOf } from "../place.ts";
import { escapeMarkdown } from "#src/explain/answer/escape-markdown.ts";
import { escapeLine } from "../render/escape.ts";
import { requireRole } from "../require-role.ts";
import { numberOf, runOption, textOf } from "./options.ts";

/** `/steer`: a wish, which becomes a card; without one, the wishes that stand. */
export const steer = defineCommand({
  definition: {
    name: "steer",
    description: "Tell a run what to try, to leave out, or what matters more",
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: "wish",
        description: "stop merging with m3; try more DPO; math matters twice as much. Left out: what stands",
        max_length: 300,
      },
      {
        type: ApplicationCommandOptionType.Integer,
        name: "take_back",
        description: "Number of a wish that is to hold no more",
        min_value: 1,
      },
      runOption,
    ],
  },
  parse: (input) => ({ wish: textOf(input, "wish"), takeBack: numberOf(input, "take_back"), run: textOf(input, "run") }),
  async run({ wish, takeBack, run: name }, place) {
    const run = await runOf(place, name);
    if (takeBack !== null) {
      requireRole(place.person, "operator", "take a wish back");
      const proposal = await place.desk.wishes.propose(run, { kind: "revoke", wish: takeBack }, place.person);
      return answer(`Wish ${takeBack} of **${escapeMarkdown(run.name)}** holds no more once somebody confirms it.`, { proposal });
    }
    if (wish !== null) {
      requireRole(place.person, "operator", "steer a run");
      const proposal = await place.desk.wishes.propose(run, { kind: "steer", text: wish }, place.person);
      return answer(`I read that as follows; it holds for **${escapeMarkdown(run.name)}** once somebody confirms it.`, { proposal });
    }
    const standing = (await place.store.directives.list(run.id)).filter(({ revokedAt }) => revokedAt === null);
    if (standing.length === 0)
      return answer(`Nothing was asked of **${escapeMarkdown(run.name)}**. Try: \`/steer wish: stop merging with m3\``);
    const lines = standing.map(({ id, author, text, createdAt }) => {
      const seconds = Math.floor(Date.parse(createdAt) / 1000);
      return `${id}. ${escapeLine(text)} (${escapeLine(author, 40)}, <t:${seconds}:R>)`;
    });
    return answer([`What **${escapeMarkdown(run.name)}** was asked; take one back with \`take_back: 2\`:`, ...lines].join("\n"));
  },
});
