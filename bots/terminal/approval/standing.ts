import { formatDeviceHours } from "#src/budget/format-amount.ts";
import { addStanding, describeStanding, parseStanding, revokeStanding } from "#src/service/standing-approval.ts";
import type { Run, Store } from "#src/store/store.ts";
import { localAuthor } from "../author.ts";
import { renderTable } from "../render/table.ts";

/** What `temper approve` may be told of yeses beforehand. */
export interface StandingOptions {
  /** `sft up to 5 device-hours until 2026-12-01`. */
  standing?: string;
  listStanding?: boolean;
  revoke?: string;
}

async function listed(store: Store, run: Run, now: Date): Promise<{ text: string; value: unknown }> {
  const all = await store.standingApprovals.list(run.id);
  const rows: string[][] = [];
  for (const standing of all) {
    const used = await store.jobs.spentOnApproval(standing.id);
    const hours = (used.deviceSeconds + used.reservedDeviceSeconds) / 3600;
    const state = standing.revokedAt !== null ? "taken back" : standing.until <= now.toISOString() ? "over" : "holds";
    rows.push([standing.id, describeStanding(standing), formatDeviceHours(hours), standing.author, state]);
  }
  const titles = [{ title: "id" }, { title: "covers" }, { title: "used" }, { title: "by" }, { title: "state" }];
  const none = 'No yes was given beforehand. Example: temper approve --standing "sft up to 5 device-hours until 2026-12-01"';
  return { text: rows.length === 0 ? none : renderTable(titles, rows), value: all };
}

/** Gives, lists or takes back a yes beforehand; null when none of these is meant. */
export async function standingAtTerminal(
  store: Store,
  run: Run,
  options: StandingOptions,
  now: Date,
): Promise<{ text: string; value: unknown } | null> {
  const by = localAuthor();
  if (options.standing !== undefined) {
    const standing = await addStanding(store, run, { wish: parseStanding(options.standing, run, now), by, role: "owner" });
    const answered = standing.answered.map(({ id }) => id).join(", ");
    return {
      text: `Approved beforehand as ${standing.id}: ${describeStanding(standing)}.${answered === "" ? "" : ` It answers ${answered}.`} Take it back: temper approve --revoke ${standing.id}`,
      value: standing,
    };
  }
  if (options.revoke !== undefined) {
    await revokeStanding(store, run, { id: options.revoke, by, role: "owner" });
    return { text: `${options.revoke} no longer holds; what runs goes on.`, value: { revoked: options.revoke } };
  }
  return options.listStanding === true ? listed(store, run, now) : null;
}
