import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

interface StatusOptions extends CommonOptions {
  all?: boolean;
}

/** `temper status`: where a run stands now. */
export function addStatus(host: CommandHost): void {
  host
    .add("status [run]", "Say where a run stands: progress, best, running, waiting, spent", [
      "temper status",
      "temper status --all",
      "temper status --json",
    ])
    .option("--all", "one line for each run of this home")
    .action(
      host.handle(async (name: string | undefined, options: StatusOptions) => {
        const { pickRun, withHome } = await import("../home.ts");
        return withHome({ terminal: host.terminal, home: options.home }, async (opened) => {
          if (options.all) {
            const { listRuns } = await import("#src/service/list-runs.ts");
            const { renderRuns } = await import("../render/render-runs.ts");
            const runs = await listRuns(opened.store);
            if (options.json) host.printJson(runs);
            else host.print(renderRuns(runs));
            return exitCodes.done;
          }
          const { runStatus } = await import("#src/service/run-status.ts");
          const { renderStatus } = await import("../render/render-status.ts");
          const status = await runStatus(opened.store, (await pickRun(opened, name)).id);
          if (options.json) host.printJson(status);
          else {
            const { isDriven } = await import("#graphs/conductor/is-driven.ts");
            const now = host.terminal.now();
            host.print(renderStatus(status, now, await isDriven(opened.store, status.run.id, now)));
          }
          return exitCodes.done;
        });
      }),
    );
}
