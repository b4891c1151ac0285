import type { Role } from "#src/approval/role.ts";
import { decide } from "#src/service/decide.ts";
import type { Approval, Run, Store } from "#src/store/store.ts";
import { localAuthor } from "../author.ts";
import { renderCard } from "../render/render-card.ts";
import type { Terminal } from "../terminal.ts";
import { loadCard } from "./load-card.ts";

async function askReason(terminal: Terminal): Promise<string | null> {
  const reason = await terminal.ask("  Why not? The run remembers it (Enter for none): ");
  return reason === null || reason === "" ? null : reason;
}

interface Asked {
  approval: Approval;
  role: Role;
}

/** Shows one approval and asks; null when the person wants to decide later. */
async function askOne(terminal: Terminal, store: Store, run: Run, { approval, role }: Asked): Promise<Approval | null> {
  terminal.out(`\n${renderCard(await loadCard(store, run, approval), terminal.now())}`);
  const answer = await terminal.ask("  [y] approve  [n] reject  [Enter] later: ");
  const choice = answer?.toLowerCase() ?? "";
  if (choice !== "y" && choice !== "yes" && choice !== "n" && choice !== "no") return null;
  const to = choice.startsWith("y") ? "approved" : "rejected";
  const reason = to === "rejected" ? await askReason(terminal) : null;
  const decided = await decide(store, run, { which: approval.id, to, by: localAuthor(), role, reason });
  terminal.out(`  ${to === "approved" ? "Approved" : "Rejected"}.\n`);
  return decided;
}

/**
 * Goes through what waits, one card after the other. Gives those that were decided.
 * @param role Of who is there: the owner, unless the owner's settings say otherwise.
 */
export async function askApprovals(
  terminal: Terminal,
  store: Store,
  run: Run,
  pending: readonly Approval[],
  role: Role = "owner",
): Promise<Approval[]> {
  const decided: Approval[] = [];
  for (const approval of pending) {
    const answer = await askOne(terminal, store, run, { approval, role });
    if (answer !== null) decided.push(answer);
  }
  return decided;
}
