import type { CommandHost, CommonOptions } from "../command-host.ts";

interface StartOptions extends CommonOptions {
  yes?: boolean;
  offline?: boolean;
}

/** `temper start`: a run from its config, or on with one that was left. */
export function addStart(host: CommandHost): void {
  host
    .add("start <file>", "Start a run from its config, or go on with it", [
      "temper start temper.yaml",
      "temper start temper.yaml --yes --json > events.jsonl",
    ])
    .option("--yes", "agree to changes of the config without being asked")
    .option("--offline", "use only models and data that are here already")
    .addHelpText(
      "after",
      "\nCtrl-C once: no new trials, those under way are finished. Twice: leave now, jobs go on by themselves.\nOff a terminal it exits with 3 when only approvals are left to wait for.\n",
    )
    .action(
      host.handle(async (file: string, options: StartOptions) => {
        const { startFile } = await import("../start/start-file.ts");
        return startFile(host, file, {
          yes: options.yes === true,
          offline: options.offline === true,
          json: options.json === true,
          home: options.home,
        });
      }),
    );
}
