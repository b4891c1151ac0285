import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

interface PinOptions extends CommonOptions {
  run?: string;
  reason?: string;
  list?: boolean;
}

/** `temper pin`: keeps a model's files whatever the disk budget says. */
export function addPin(host: CommandHost): void {
  host
    .add("pin [model]", "Keep a model's files, whatever the disk budget says", [
      "temper pin m17",
      'temper pin m17 --reason "goes to the evaluation team"',
      "temper pin --list",
    ])
    .option("--run <run>", "name or id of the run (default: the one going on)")
    .option("--reason <text>", "why, for others")
    .option("--list", "show what is pinned")
    .action(
      host.handle(async (which: string | undefined, options: PinOptions) => {
        const { pinModel } = await import("#src/service/pin-model.ts");
        const { pickRun, withHome } = await import("../home.ts");
        const { localAuthor } = await import("../author.ts");
        const { bestModel } = await import("../best-model.ts");
        return withHome({ terminal: host.terminal, home: options.home }, async (opened) => {
          const run = await pickRun(opened, options.run);
          if (options.list === true) {
            const pins = await opened.store.pins.list(run.id);
            const lines = pins.map((pin) => `${pin.model}  by ${pin.author}${pin.reason === null ? "" : `: ${pin.reason}`}`);
            if (options.json) host.printJson(pins);
            else host.print(lines.length === 0 ? `Nothing is pinned in ${run.name}.` : lines.join("\n"));
            return exitCodes.done;
          }
          const wish = { author: localAuthor(), reason: options.reason ?? null };
          const model = await pinModel(opened.store, run, { ...wish, which: which ?? (await bestModel(opened.store, run)) });
          if (options.json) host.printJson({ run: run.name, model: model.id, pinned: true });
          else host.print(`${model.id} stays on disk, with what it stands on. Let it go with: temper unpin ${model.id}`);
          return exitCodes.done;
        });
      }),
    );
}
