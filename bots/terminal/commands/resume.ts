import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

/** `temper resume`: a paused run goes on. */
export function addResume(host: CommandHost): void {
  host.add("resume [run]", "Let a paused run go on", ["temper resume", "temper resume three-skills"]).action(
    host.handle(async (name: string | undefined, options: CommonOptions) => {
      const { resumeRun } = await import("#src/service/resume-run.ts");
      const { pickRun, withHome } = await import("../home.ts");
      const { localAuthor } = await import("../author.ts");
      return withHome({ terminal: host.terminal, home: options.home }, async (opened) => {
        const run = await pickRun(opened, name);
        await resumeRun(opened.store, run, { author: localAuthor() });
        if (options.json) host.printJson({ run: run.name, state: "running" });
        else host.print(`${run.name} goes on.`);
        return exitCodes.done;
      });
    }),
  );
}
