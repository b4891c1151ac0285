import { InvalidArgumentError } from "commander";
import type { CommandHost, CommonOptions } from "../command-host.ts";

interface ServeCommandOptions extends CommonOptions {
  server?: string;
  httpPort?: number;
  httpHost?: string;
  offline?: boolean;
}

function portNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError("give a port, 0 to 65535.");
  return value;
}

/** `temper serve`: the long-lived process that drives runs and talks to people. */
export function addServe(host: CommandHost): void {
  host
    .add("serve", "Drive the runs of this home, and talk to people in Discord", [
      "temper serve",
      "temper serve --server server.yaml --http-port 9464",
    ])
    .option("--server <file>", "the owner's settings (default: server.yaml here, when there is one)")
    .option("--http-port <port>", "serve /metrics and /healthz there", portNumber)
    .option("--http-host <address>", "address to listen on", "127.0.0.1")
    .option("--offline", "use only models and data that are here already")
    .addHelpText(
      "after",
      "\nCtrl-C once: no new trials, those under way are finished. Twice: leave now, jobs go on by themselves.\nHow to create the Discord application: docs/discord.md\n",
    )
    .action(
      host.handle(async (options: ServeCommandOptions) => {
        const { serve } = await import("../../serve/serve.ts");
        return serve(host, {
          home: options.home,
          server: options.server ?? null,
          offline: options.offline === true,
          http: options.httpPort === undefined ? null : { port: options.httpPort, host: options.httpHost ?? "127.0.0.1" },
        });
      }),
    );
}
