import type { CommandHost } from "../command-host.ts";
import { type DecisionOptions, runDecision } from "../approval/run-decision.ts";

/** `temper approve`: lets something that waits for people go ahead. */
export function addApprove(host: CommandHost): void {
  host
    .add("approve [which...]", "Approve what waits; without a name, look at each and decide", [
      "temper approve",
      "temper approve 31",
      "temper approve --all",
      'temper approve --standing "sft up to 5 device-hours until 2026-12-01"',
    ])
    .option("--run <run>", "name or id of the run (default: the one going on)")
    .option("--all", "everything that waits")
    .option("--reason <text>", "kept in the run's memory")
    .option("--standing <wish>", "say yes beforehand to trials of a kind, up to an amount and a time")
    .option("--list-standing", "show what was approved beforehand, and how much of it is used")
    .option("--revoke <id>", "take a yes beforehand back")
    .action(host.handle((which: string[], options: DecisionOptions) => runDecision(host, "approved", which, options)));
}
