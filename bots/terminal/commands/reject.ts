import type { CommandHost } from "../command-host.ts";
import { type DecisionOptions, runDecision } from "../approval/run-decision.ts";

/** `temper reject`: says no to something that waits, with a reason that the run remembers. */
export function addReject(host: CommandHost): void {
  host
    .add("reject [which...]", "Reject what waits, with a reason the run remembers", [
      "temper reject",
      'temper reject 31 --reason "too long for what it can gain"',
    ])
    .option("--run <run>", "name or id of the run (default: the one going on)")
    .option("--all", "everything that waits")
    .option("--reason <text>", "kept in the run's memory")
    .action(host.handle((which: string[], options: DecisionOptions) => runDecision(host, "rejected", which, options)));
}
