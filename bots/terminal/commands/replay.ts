import { Option } from "commander";
import type { CommandHost, CommonOptions } from "../command-host.ts";

interface ReplayOptions extends CommonOptions {
  offline?: boolean;
  executor: "local" | "scripted";
}

/** `temper replay`: makes a pipeline again from its recipe, with no agent. */
export function addReplay(host: CommandHost): void {
  host
    .add("replay <recipe>", "Make a pipeline again from its recipe, with no agent", [
      "temper recipe m27 --out best.yaml && temper replay best.yaml --home elsewhere",
    ])
    .addOption(new Option("--executor <kind>", "what runs the jobs").choices(["local", "scripted"]).default("local"))
    .option("--offline", "use only models and data that are here already")
    .action(
      host.handle(async (file: string, options: ReplayOptions) => {
        const { replayFile } = await import("../replay/replay-file.ts");
        return replayFile(host, file, {
          home: options.home,
          offline: options.offline === true,
          executor: options.executor,
          json: options.json === true,
        });
      }),
    );
}
