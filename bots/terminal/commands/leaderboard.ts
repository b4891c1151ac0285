import { InvalidArgumentError, Option } from "commander";
import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

interface LeaderboardOptions extends CommonOptions {
  split: "search" | "confirm" | "final";
  top: number;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("give a whole number, 1 or more.");
  return value;
}

/** `temper leaderboard`: the run's models, best first. */
export function addLeaderboard(host: CommandHost): void {
  host
    .add("leaderboard [run]", "Show the best models with intervals", ["temper leaderboard", "temper leaderboard --top 50 --json"])
    .addOption(new Option("--split <split>", "which items").choices(["search", "confirm", "final"]).default("search"))
    .option("--top <n>", "how many", wholeNumber, 20)
    .action(
      host.handle(async (name: string | undefined, options: LeaderboardOptions) => {
        const { readFinalized } = await import("#src/service/finalized.ts");
        const { leaderboard } = await import("#src/service/leaderboard.ts");
        const { searchStanding } = await import("#src/service/search-optimism.ts");
        const { pickRun, withHome } = await import("../home.ts");
        const { renderLeaderboard } = await import("../render/render-leaderboard.ts");
        return withHome({ terminal: host.terminal, home: options.home }, async (opened) => {
          const run = await pickRun(opened, name);
          const rows = await leaderboard(opened.store, run, { split: options.split, limit: options.top });
          if (options.json) host.printJson(rows);
          else {
            const standing = options.split === "search" ? await searchStanding(opened.store, run) : null;
            const confirmed = options.split === "confirm" ? readFinalized(await opened.store.events.list(run.id)).confirmed : null;
            host.print(renderLeaderboard(rows, { run: run.name, split: options.split, standing, confirmed }));
          }
          return exitCodes.done;
        });
      }),
    );
}
