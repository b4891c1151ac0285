import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { leaderboard as readLeaderboard } from "#src/service/leaderboard.ts";
import { searchStanding } from "#src/service/search-optimism.ts";
import { renderLeaderboard } from "../../terminal/render/render-leaderboard.ts";
import { answer } from "../answer.ts";
import { defineCommand } from "../command.ts";
import { runOf } from "../place.ts";
import { codeBlock } from "#src/explain/answer/escape-markdown.ts";
import { numberOf, runOption, textOf } from "./options.ts";

const usualRows = 8;

/** `/leaderboard`: the best models, each number with its interval. */
export const leaderboard = defineCommand({
  definition: {
    name: "leaderboard",
    description: "The best models so far, with 95 % intervals",
    options: [
      runOption,
      { type: ApplicationCommandOptionType.Integer, name: "rows", description: "How many (default 8)", min_value: 1, max_value: 15 },
    ],
  },
  parse: (input) => ({ run: textOf(input, "run"), limit: numberOf(input, "rows") ?? usualRows }),
  async run({ run: name, limit }, place) {
    const run = await runOf(place, name);
    const rows = await readLeaderboard(place.store, run, { limit });
    const standing = await searchStanding(place.store, run);
    return answer(codeBlock(renderLeaderboard(rows, { run: run.name, split: "search", standing, isNarrow: true })));
  },
});
