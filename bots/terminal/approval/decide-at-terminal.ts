import { decide } from "#src/service/decide.ts";
import type { Approval, Run, Store } from "#src/store/store.ts";
import { localAuthor } from "../author.ts";
import type { Terminal } from "../terminal.ts";
import { askApprovals } from "./ask-approvals.ts";

interface Wish {
  to: "approved" | "rejected";
  which: string[];
  all: boolean;
  reason: string | null;
  /** Questions are allowed: somebody is there, and the output is for people. */
  mayAsk: boolean;
}

/** Decides what was named, everything, or asks about each; gives what was decided. */
export async function decideAtTerminal(terminal: Terminal, store: Store, run: Run, wish: Wish): Promise<Approval[]> {
  const pending = await store.approvals.list(run.id, "pending");
  if (wish.which.length === 0 && !wish.all && wish.mayAsk && pending.length > 0) return askApprovals(terminal, store, run, pending);
  const { to, reason } = wish;
  const by = localAuthor();
  const which = wish.all ? pending.map((approval) => approval.id) : wish.which;
  if (which.length === 0 && !wish.all) return [await decide(store, run, { to, by, role: "owner", reason })];
  const decided: Approval[] = [];
  for (const name of which) decided.push(await decide(store, run, { which: name, to, by, role: "owner", reason }));
  return decided;
}
