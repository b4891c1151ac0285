import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

interface SteerOptions extends CommonOptions {
  run?: string;
  list?: boolean;
  revoke?: string;
}

/** `temper steer`: a standing wish that the run honours from its next decision on. */
export function addSteer(host: CommandHost): void {
  host
    .add("steer [wish...]", "Tell a run what to try, to leave out, or what matters more", [
      'temper steer "stop merging m3"',
      'temper steer "math matters twice as much"',
      "temper steer --list",
      "temper steer --revoke 2",
    ])
    .option("--run <run>", "name or id of the run (default: the one going on)")
    .option("--list", "show all wishes")
    .option("--revoke <id>", "take a wish back")
    .action(
      host.handle(async (words: string[], options: SteerOptions) => {
        const { steerRun } = await import("../steer-run.ts");
        const { pickRun, withHome } = await import("../home.ts");
        return withHome({ terminal: host.terminal, home: options.home }, async (opened) => {
          const run = await pickRun(opened, options.run);
          const { text, value } = await steerRun(opened.store, run, {
            wish: words.join(" ").trim(),
            list: options.list === true,
            ...(options.revoke === undefined ? {} : { revoke: options.revoke }),
          });
          if (options.json) host.printJson(value);
          else host.print(text);
          return exitCodes.done;
        });
      }),
    );
}
