import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

interface CheckOptions extends CommonOptions {
  quick?: boolean;
  offline?: boolean;
}

/** `temper check`: everything that can be known of a run before it starts. */
export function addCheck(host: CommandHost): void {
  host
    .add("check <file>", "Check a config, its models and data; say what it will do and cost", [
      "temper check temper.yaml",
      "temper check temper.yaml --quick",
    ])
    .option("--quick", "only the file: read no models and no data")
    .option("--offline", "use only models and data that are here already")
    .action(
      host.handle(async (file: string, options: CheckOptions) => {
        const { relative, resolve } = await import("node:path");
        const { loadRunConfig } = await import("#src/config/load-run-config.ts");
        const config = await loadRunConfig(relative("", resolve(host.terminal.cwd, file)));
        if (options.quick) {
          if (options.json) host.printJson({ ok: true, config });
          else host.print(`${file} is fine. Its models and data were not looked at: temper check ${file}`);
          return exitCodes.done;
        }
        const { checkRun } = await import("../check/check-run.ts");
        return checkRun(host, { file, config, home: options.home, offline: options.offline === true, json: options.json === true });
      }),
    );
}
