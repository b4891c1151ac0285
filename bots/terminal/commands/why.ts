import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

interface WhyOptions extends CommonOptions {
  run?: string;
}

/** `temper why`: answers from the decision's record, never from guesses. */
export function addWhy(host: CommandHost): void {
  host
    .add("why [model-or-trial]", "Say why a model was made, from the record (default: the best)", [
      "temper why m27",
      "temper why 33",
      "temper why",
    ])
    .option("--run <run>", "name or id of the run (default: the one going on)")
    .action(
      host.handle(async (which: string | undefined, options: WhyOptions) => {
        const { explainModel } = await import("#src/explain/explain-model.ts");
        const { renderWhy } = await import("#src/explain/render-why.ts");
        const { pickRun, withHome } = await import("../home.ts");
        const { bestModel } = await import("../best-model.ts");
        return withHome({ terminal: host.terminal, home: options.home }, async (opened) => {
          const run = await pickRun(opened, options.run);
          const facts = await explainModel(opened.store, run, which ?? (await bestModel(opened.store, run)));
          if (options.json) host.printJson(facts);
          else host.print(renderWhy(facts));
          return exitCodes.done;
        });
      }),
    );
}
