import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

interface FinalizeCommandOptions extends CommonOptions {
  reason?: string;
}

/** `temper finalize`: the one look at the sealed split. */
export function addFinalize(host: CommandHost): void {
  host
    .add("finalize [run]", "Open the final split, once and on record", [
      "temper finalize",
      'temper finalize three-skills --reason "m31 came after the first reading"',
    ])
    .option("--reason <text>", "needed to read the split again for other models")
    .action(
      host.handle(async (name: string | undefined, options: FinalizeCommandOptions) => {
        const { finalizeAtTerminal } = await import("../finalize-run.ts");
        const { pickRun, withHome } = await import("../home.ts");
        const { renderFinal } = await import("../render/render-final.ts");
        const { terminal } = host;
        return withHome({ terminal, home: options.home }, async (opened) => {
          const run = await pickRun(opened, name);
          const mayAsk = terminal.isInteractive && options.json !== true;
          const outcome = await finalizeAtTerminal({ terminal, opened, run, reason: options.reason, mayAsk });
          if (options.json) host.printJson(outcome.status === "ok" ? outcome.report : outcome);
          else if (outcome.status === "ok") host.print(renderFinal(outcome.report));
          else terminal.err(`${outcome.why}\n`);
          if (outcome.status === "ok") return exitCodes.done;
          return outcome.status === "waiting" ? exitCodes.waiting : exitCodes.failed;
        });
      }),
    );
}
