import type { ProposalDesk } from "#graphs/chat/proposal-desk.ts";
import type { Role } from "#src/approval/role.ts";
import type { ServerConfig } from "#src/server/server-config.ts";
import { createProposalDesk } from "../../chat/create-proposal-desk.ts";
import type { OpenedHome } from "../home.ts";
import type { Terminal } from "../terminal.ts";

interface DeskPlace {
  terminal: Terminal;
  opened: OpenedHome;
  /** The owner's settings; null without `server.yaml`. */
  server: ServerConfig | null;
  role: Role;
  timeZone: string;
}

/**
 * What may be wished at the terminal: as in Discord where there is a `server.yaml`, with runs and objects of its catalogue.
 * Its caps bind everybody but the owner.
 */
export async function terminalDesk({ terminal, opened, server, role, timeZone }: DeskPlace): Promise<ProposalDesk> {
  const { store, home } = opened;
  const now = () => terminal.now();
  const caps = server === null || role === "owner" ? null : server.caps;
  if (server === null) return createProposalDesk({ store, now, caps, timeZone, start: null, extend: null });
  const { Wishes } = await import("../../serve/wishes.ts");
  const log = { info: () => undefined, warn: (_fields: object, text: string) => terminal.err(`Note: ${text}\n`) };
  const wishes = new Wishes({ store, home, server, offline: false, log, now });
  return createProposalDesk({
    store,
    now,
    caps,
    timeZone,
    start: (wish, person) => wishes.startBySentence(wish, person),
    extend: (run, objects, person) => wishes.extend(run, objects, person),
  });
}
