import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

/** `temper pause`: no new trials; what runs is finished. */
export function addPause(host: CommandHost): void {
  host.add("pause [run]", "Start no new trials; those under way are finished", ["temper pause", "temper pause three-skills"]).action(
    host.handle(async (name: string | undefined, options: CommonOptions) => {
      const { pauseRun } = await import("#src/service/pause-run.ts");
      const { pickRun, withHome } = await import("../home.ts");
      const { localAuthor } = await import("../author.ts");
      return withHome({ terminal: host.terminal, home: options.home }, async (opened) => {
        const run = await pickRun(opened, name);
        await pauseRun(opened.store, run, { author: localAuthor() });
        if (options.json) host.printJson({ run: run.name, state: "paused" });
        else host.print(`${run.name} is paused. Trials under way are finished. Go on with: temper resume ${run.name}`);
        return exitCodes.done;
      });
    }),
  );
}
