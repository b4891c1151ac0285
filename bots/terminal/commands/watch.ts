import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

/** `temper watch`: shows a run as it goes on, whoever drives it. */
export function addWatch(host: CommandHost): void {
  host
    .add("watch [run]", "Show a run as it goes on; leaving changes nothing", [
      "temper watch",
      "temper watch three-skills --json | jq .text",
    ])
    .action(
      host.handle(async (name: string | undefined, options: CommonOptions) => {
        const { pickRun, withHome } = await import("../home.ts");
        const { lastEventId, watchLive } = await import("../live/watch-live.ts");
        const { terminal } = host;
        return withHome({ terminal, home: options.home }, async (opened) => {
          const run = await pickRun(opened, name);
          const stop = new AbortController();
          const release = terminal.onInterrupt(() => stop.abort());
          const { store } = opened;
          try {
            const afterEvent = await lastEventId(store, run.id);
            await watchLive({ terminal, store, run, afterEvent, signal: stop.signal, json: options.json === true });
          } finally {
            release();
          }
          const { runStatus } = await import("#src/service/run-status.ts");
          const { renderStatus } = await import("../render/render-status.ts");
          if (!options.json) host.print(renderStatus(await runStatus(store, run.id), terminal.now()));
          return exitCodes.done;
        });
      }),
    );
}
