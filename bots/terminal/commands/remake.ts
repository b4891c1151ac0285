import type { CommandHost, CommonOptions } from "../command-host.ts";

interface RemakeOptions extends CommonOptions {
  run?: string;
}

/** `temper remake`: brings back a model whose files were removed, from its recipe. */
export function addRemake(host: CommandHost): void {
  host
    .add("remake <model>", "Bring back a model whose files were removed, from its recipe", ["temper remake m17"])
    .option("--run <run>", "name or id of the run (default: the one going on)")
    .action(
      host.handle(async (which: string, options: RemakeOptions) => {
        const { remakeModel } = await import("../remake-model.ts");
        const { pickRun, withHome } = await import("../home.ts");
        return withHome({ terminal: host.terminal, home: options.home }, async (opened) => {
          const run = await pickRun(opened, options.run);
          const { code, text, value } = await remakeModel(host.terminal, opened, run, which);
          if (options.json) host.printJson(value);
          else host.print(text);
          return code;
        });
      }),
    );
}
