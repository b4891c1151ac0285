import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

interface UnpinOptions extends CommonOptions {
  run?: string;
}

/** `temper unpin`: lets a pinned model go. */
export function addUnpin(host: CommandHost): void {
  host
    .add("unpin <model>", "Let a pinned model go: it may be removed when room is needed", ["temper unpin m17"])
    .option("--run <run>", "name or id of the run (default: the one going on)")
    .action(
      host.handle(async (which: string, options: UnpinOptions) => {
        const { unpinModel } = await import("#src/service/unpin-model.ts");
        const { pickRun, withHome } = await import("../home.ts");
        const { localAuthor } = await import("../author.ts");
        return withHome({ terminal: host.terminal, home: options.home }, async (opened) => {
          const run = await pickRun(opened, options.run);
          const model = await unpinModel(opened.store, run, { which, author: localAuthor() });
          if (options.json) host.printJson({ run: run.name, model: model.id, pinned: false });
          else host.print(`${model.id} is no longer pinned.`);
          return exitCodes.done;
        });
      }),
    );
}
