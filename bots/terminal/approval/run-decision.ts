import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes, type ExitCode } from "../exit-code.ts";
import type { StandingOptions } from "./standing.ts";

export interface DecisionOptions extends CommonOptions, StandingOptions {
  run?: string;
  all?: boolean;
  reason?: string;
}

/** What `approve` and `reject` share: they differ in the answer only. */
export async function runDecision(
  host: CommandHost,
  to: "approved" | "rejected",
  which: string[],
  options: DecisionOptions,
): Promise<ExitCode> {
  const { decideAtTerminal } = await import("./decide-at-terminal.ts");
  const { pickRun, withHome } = await import("../home.ts");
  const { terminal } = host;
  return withHome({ terminal, home: options.home }, async (opened) => {
    const run = await pickRun(opened, options.run);
    const { standingAtTerminal } = await import("./standing.ts");
    const standing = await standingAtTerminal(opened.store, run, options, terminal.now());
    if (standing !== null) {
      if (options.json) host.printJson(standing.value);
      else host.print(standing.text);
      return exitCodes.done;
    }
    const mayAsk = terminal.isInteractive && options.json !== true;
    const all = options.all === true;
    const decided = await decideAtTerminal(terminal, opened.store, run, { to, which, all, reason: options.reason ?? null, mayAsk });
    if (options.json) host.printJson(decided);
    else if (decided.length === 0) host.print(mayAsk ? "Nothing was decided." : `Nothing waits for an approval in ${run.name}.`);
    else
      host.print(
        decided.map(({ id, trial, batch, state }) => `${id} (${trial === null ? batch : `trial ${trial}`}) is ${state}.`).join("\n"),
      );
    return exitCodes.done;
  });
}
