import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

interface GcOptions extends CommonOptions {
  to?: string;
  all?: boolean;
  dryRun?: boolean;
}

/** `temper gc`: makes room in a home. */
export function addGc(host: CommandHost): void {
  host
    .add("gc", "Make room: remove what no job goes on from, and models that can be remade", [
      "temper gc --dry-run",
      "temper gc --to 200",
      "temper gc --all",
    ])
    .option("--to <gb>", "remove models, too, until the home takes no more than this (default: the runs' budget.disk_gb)")
    .option("--all", "remove every model that can be remade and that nothing needs")
    .option("--dry-run", "say what would go, and remove nothing")
    .action(
      host.handle(async (options: GcOptions) => {
        const { UserInputError } = await import("#src/errors.ts");
        const { collectGarbage } = await import("#tools/artefacts/collect-garbage.ts");
        const { diskTarget } = await import("#src/artefacts/disk-target.ts");
        const { renderGarbage } = await import("../render/render-garbage.ts");
        const { withHome } = await import("../home.ts");
        const gb = options.to === undefined ? null : Number(options.to);
        if (gb !== null && !(gb >= 0)) throw new UserInputError(`--to takes gigabytes, such as 200; "${options.to}" is none.`);
        return withHome({ terminal: host.terminal, home: options.home }, async ({ store, home }) => {
          const own = gb === null ? diskTarget(await store.runs.list()) : gb * 1e9;
          const targetBytes = options.all === true ? 0 : own;
          const dryRun = options.dryRun === true;
          const garbage = await collectGarbage({ store, home, now: host.terminal.now(), targetBytes, dryRun });
          if (options.json) host.printJson({ ...garbage, dryRun });
          else host.print(renderGarbage(garbage, dryRun));
          return garbage.isOver && options.all !== true ? exitCodes.failed : exitCodes.done;
        });
      }),
    );
}
