import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

interface FetchOptions extends CommonOptions {
  offline?: boolean;
}

/** `temper fetch`: gets and registers what a config names, before a run needs it. */
export function addFetch(host: CommandHost): void {
  host
    .add("fetch <file>", "Fetch and register the models, data and tasks of a config", ["temper fetch temper.yaml"])
    .option("--offline", "use only what is here already")
    .action(
      host.handle(async (file: string, options: FetchOptions) => {
        const { relative, resolve } = await import("node:path");
        const { loadRunConfig } = await import("#src/config/load-run-config.ts");
        const { withHome } = await import("../home.ts");
        const { prepareForRun } = await import("../start/prepare.ts");
        const { problemLines, renderPrepared } = await import("../render/render-prepared.ts");
        const { terminal } = host;
        const config = await loadRunConfig(relative("", resolve(terminal.cwd, file)));
        return withHome({ terminal, home: options.home, create: true }, async (opened) => {
          const prepared = await prepareForRun(terminal, opened, config, { offline: options.offline === true });
          if (options.json) host.printJson(prepared);
          else if (prepared.problems.length === 0) host.print(renderPrepared(prepared));
          else terminal.err(`${problemLines(prepared).join("\n")}\n`);
          return prepared.problems.length === 0 ? exitCodes.done : exitCodes.wrongUse;
        });
      }),
    );
}
