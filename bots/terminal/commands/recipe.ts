import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

interface RecipeOptions extends CommonOptions {
  run?: string;
  out?: string;
}

/** `temper recipe`: writes down how a model was made, so that it can be made again without an agent. */
export function addRecipe(host: CommandHost): void {
  host
    .add("recipe [model]", "Print the recipe of a model as YAML (default: the best)", [
      "temper recipe m27",
      "temper recipe m27 --out best.yaml && temper replay best.yaml",
    ])
    .option("--run <run>", "name or id of the run (default: the one going on)")
    .option("--out <file>", "write it to a file")
    .action(
      host.handle(async (model: string | undefined, options: RecipeOptions) => {
        const { writeFile } = await import("node:fs/promises");
        const { resolve } = await import("node:path");
        const { buildRecipe, formatRecipe } = await import("#src/pipeline/recipe.ts");
        const { pickRun, withHome } = await import("../home.ts");
        const { bestModel } = await import("../best-model.ts");
        return withHome({ terminal: host.terminal, home: options.home }, async (opened) => {
          const run = await pickRun(opened, options.run);
          const recipe = await buildRecipe(opened.store, run, model ?? (await bestModel(opened.store, run)));
          const text = formatRecipe(recipe);
          if (options.out !== undefined) await writeFile(resolve(host.terminal.cwd, options.out), text);
          if (options.json) host.printJson(recipe);
          else host.print(options.out === undefined ? text : `Wrote ${options.out}. Make it again with: temper replay ${options.out}`);
          return exitCodes.done;
        });
      }),
    );
}
