import type { CommandHost, CommonOptions } from "../command-host.ts";

interface ReplayOptions extends CommonOptions {
  offline?: boolean;
  executor: string;
}

/** `temper replay`: makes a pipeline again from its recipe, with no agent. */
export function addReplay(host: CommandHost): void {
  host
    .add("replay <recipe>", "Make a pipeline again from its recipe, with no agent", [
      "temper recipe m27 --out best.yaml && temper replay best.yaml --home elsewhere",
    ])
    .option("--executor <kind>", "what runs the jobs: local, slurm, ray, scripted, or a config whose executor section counts", "local")
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
