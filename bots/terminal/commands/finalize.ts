import { InvalidArgumentError, Option } from "commander";
import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

interface FinalizeCommandOptions extends CommonOptions {
  reason?: string;
  confirmSeeds?: number;
  confirmCandidates?: number;
}

function atLeast(fewest: number) {
  return (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= fewest) return value;
    throw new InvalidArgumentError(`Give a whole number, ${fewest} or more.`);
  };
}

/** `temper finalize`: candidates confirmed over training seeds, then the one look at the sealed split. */
export function addFinalize(host: CommandHost): void {
  host
    .add("finalize [run]", "Confirm the best over training seeds, then open the final split, once and on record", [
      "temper finalize",
      'temper finalize three-skills --reason "m31 came after the first reading"',
    ])
    .option("--reason <text>", "needed to read the split again for other models")
    .addOption(
      new Option("--confirm-seeds <n>", "training seeds that each candidate is made again under (3, or as the last time)").argParser(
        atLeast(0),
      ),
    )
    .addOption(new Option("--confirm-candidates <n>", "most candidates that are made again (3, or as the last time)").argParser(atLeast(1)))
    .action(
      host.handle(async (name: string | undefined, options: FinalizeCommandOptions) => {
        const { finalizeAtTerminal } = await import("../finalize-run.ts");
        const { pickRun, withHome } = await import("../home.ts");
        const { renderFinal } = await import("../render/render-final.ts");
        const { terminal } = host;
        return withHome({ terminal, home: options.home }, async (opened) => {
          const run = await pickRun(opened, name);
          const mayAsk = terminal.isInteractive && options.json !== true;
          const confirm = {
            ...(options.confirmSeeds === undefined ? {} : { seeds: options.confirmSeeds }),
            ...(options.confirmCandidates === undefined ? {} : { candidates: options.confirmCandidates }),
          };
          const outcome = await finalizeAtTerminal({ terminal, opened, run, reason: options.reason, confirm, mayAsk });
          if (options.json) host.printJson(outcome.status === "ok" ? outcome.report : outcome);
          else if (outcome.status === "ok") host.print(renderFinal(outcome.report));
          else terminal.err(`${outcome.why}\n`);
          if (outcome.status === "ok") return exitCodes.done;
          return outcome.status === "waiting" ? exitCodes.waiting : exitCodes.failed;
        });
      }),
    );
}
