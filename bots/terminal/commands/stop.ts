import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

interface StopOptions extends CommonOptions {
  now?: boolean;
}

/** `temper stop`: ends a run; with `--now` also what is under way. */
export function addStop(host: CommandHost): void {
  host
    .add("stop [run]", "End a run: no new trials, those under way are finished", ["temper stop", "temper stop three-skills --now"])
    .option("--now", "cancel what is under way, too")
    .action(
      host.handle(async (name: string | undefined, options: StopOptions) => {
        const { stopRun } = await import("#src/service/stop-run.ts");
        const { pickRun, withHome } = await import("../home.ts");
        const { localAuthor } = await import("../author.ts");
        return withHome({ terminal: host.terminal, home: options.home }, async (opened) => {
          const run = await pickRun(opened, name);
          const now = options.now === true;
          await stopRun(opened.store, run, { now, author: localAuthor() });
          if (options.json) host.printJson({ run: run.name, state: "stopping", now });
          else {
            host.print(
              now ? `${run.name} is stopped; jobs under way are cancelled.` : `${run.name} ends when the trials under way are done.`,
            );
            host.print("What was found stays: temper leaderboard, temper report.");
          }
          return exitCodes.done;
        });
      }),
    );
}
