import type { FinalReport } from "#graphs/conductor/final-report.ts";
import { type FinalizeOptions, type FinalizeOutcome, finalizeRun } from "#graphs/conductor/finalize.ts";
import type { ConfirmSettings } from "#graphs/conductor/confirm.ts";
import type { Run } from "#src/store/store.ts";
import { askApprovals } from "./approval/ask-approvals.ts";
import { localAuthor } from "./author.ts";
import type { OpenedHome } from "./home.ts";
import type { Terminal } from "./terminal.ts";
import { withConductor } from "./with-conductor.ts";

interface Request {
  terminal: Terminal;
  opened: OpenedHome;
  run: Run;
  reason: string | undefined;
  /** What people set of the confirmation; the rest is as usual. */
  confirm: Partial<ConfirmSettings>;
  mayAsk: boolean;
}

/** The table, what is waited for, or why not. */
export type Finalized = { status: "ok"; report: FinalReport } | { status: "waiting" | "refused"; why: string };

/** Opens `final` once, on record; asks the person at the terminal first where an approval is needed. */
export async function finalizeAtTerminal({ terminal, opened, run, reason, confirm, mayAsk }: Request): Promise<Finalized> {
  const options: FinalizeOptions = { author: localAuthor(), confirm, ...(reason === undefined ? {} : { reason }) };
  return withConductor(terminal, opened, run.config, async (conductor) => {
    const parts = await conductor.open();
    let outcome: FinalizeOutcome = await finalizeRun(parts, run.id, options);
    if (outcome.status === "ask" && mayAsk) {
      const decided = await askApprovals(terminal, opened.store, run, [outcome.approval]);
      if (decided.some((approval) => approval.state === "approved")) outcome = await finalizeRun(parts, run.id, options);
    }
    if (outcome.status === "ok") return outcome;
    if (outcome.status === "refused") return { status: "refused", why: outcome.why };
    return {
      status: "waiting",
      why: `approval ${outcome.approval.id} is waited for: temper approve ${outcome.approval.id}, then temper finalize again`,
    };
  });
}
