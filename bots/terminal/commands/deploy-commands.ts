import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

interface DeployOptions extends CommonOptions {
  server?: string;
}

/** `temper deploy-commands`: registers the slash commands in Discord, as `temper serve` does at its start. */
export function addDeployCommands(host: CommandHost): void {
  host
    .add("deploy-commands", "Register the slash commands in Discord; writes only what changed", ["temper deploy-commands"])
    .option("--server <file>", "the owner's settings", "server.yaml")
    .action(
      host.handle(async (options: DeployOptions) => {
        const { resolve } = await import("node:path");
        const { loadServerConfig } = await import("#src/server/load-server-config.ts");
        const { deployFromHere } = await import("../../discord/deploy-from-here.ts");
        const { terminal } = host;
        const { discord } = await loadServerConfig(resolve(terminal.cwd, options.server ?? "server.yaml"));
        const deployed = await deployFromHere(discord ?? {}, terminal.env);
        const changes = Object.entries(deployed).flatMap(([what, names]: [string, string[]]) =>
          names.length === 0 ? [] : [`${what} ${names.join(", ")}`],
        );
        if (options.json === true) host.printJson(deployed);
        else
          host.print(changes.length === 0 ? "All commands are as they should be; nothing was written." : `Commands ${changes.join("; ")}.`);
        return exitCodes.done;
      }),
    );
}
