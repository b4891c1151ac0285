import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

interface CheckOptions extends CommonOptions {
  quick?: boolean;
  offline?: boolean;
  sizes?: string;
}

/** `temper check`: everything that can be known of a run before it starts. */
export function addCheck(host: CommandHost): void {
  host
    .add("check <file>", "Check a config, its models and data; say what it will do and cost", [
      "temper check temper.yaml",
      "temper check temper.yaml --quick",
      "temper check examples/paper/experiment-1.yaml --offline --sizes examples/paper/sizes.yaml",
    ])
    .option("--quick", "only the file: read no models and no data")
    .option("--offline", "use only models and data that are here already")
    .option("--sizes <file>", "estimate from a file that states the sizes of models and data; nothing of them is read or fetched")
    .action(
      host.handle(async (file: string, options: CheckOptions) => {
        const { relative, resolve } = await import("node:path");
        const { loadRunConfig, parseRunConfig } = await import("#src/config/load-run-config.ts");
        const place = (name: string) => relative("", resolve(host.terminal.cwd, name));
        if (options.sizes !== undefined) {
          const { readFile } = await import("node:fs/promises");
          const { estimateOnly } = await import("../check/estimate-only.ts");
          const config = parseRunConfig(await readFile(place(file), "utf8"), place(file));
          return estimateOnly(host, { file, config, sizes: place(options.sizes), home: options.home, json: options.json === true });
        }
        const config = await loadRunConfig(place(file));
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
