import { formatDeviceHours } from "#src/budget/format-amount.ts";
import { escapeMarkdown } from "#src/explain/answer/escape-markdown.ts";
import { addStanding, describeStanding, parseStanding, revokeStanding } from "#src/service/standing-approval.ts";
import type { Run } from "#src/store/store.ts";
import { answer, type Answer } from "../answer.ts";
import type { Place } from "../place.ts";
import { escapeLine } from "../render/escape.ts";

/** Says yes to all jobs of a kind, up to an amount and a time; open questions that it covers are answered at once. */
export async function approveBeforehand({ store, person, desk }: Place, run: Run, text: string): Promise<Answer> {
  const wish = parseStanding(text, run, desk.now());
  const standing = await addStanding(store, run, { wish, by: person.name, role: person.role });
  desk.wake();
  const answered = standing.answered.map(({ id }) => id).join(", ");
  return answer(
    `Approved beforehand as **${escapeMarkdown(standing.id)}**: ${describeStanding(standing)}.${answered === "" ? "" : ` It answers ${escapeMarkdown(answered)}.`} Take it back: \`/approve revoke: ${standing.id}\``,
  );
}

/** The yeses beforehand that hold, with what was used of them. */
export async function listBeforehand({ store, desk }: Place, run: Run): Promise<Answer> {
  const now = desk.now().toISOString();
  const holding = (await store.standingApprovals.list(run.id)).filter(({ revokedAt, until }) => revokedAt === null && until > now);
  if (holding.length === 0)
    return answer(
      `Nothing was approved beforehand in **${escapeMarkdown(run.name)}**. Try: \`/approve beforehand: sft up to 5 device-hours until 2026-12-01\``,
    );
  const lines: string[] = [];
  for (const standing of holding) {
    const used = await store.jobs.spentOnApproval(standing.id);
    const hours = formatDeviceHours((used.deviceSeconds + used.reservedDeviceSeconds) / 3600);
    lines.push(`**${escapeMarkdown(standing.id)}** ${describeStanding(standing)}, by ${escapeLine(standing.author, 40)}; ${hours} used`);
  }
  return answer(lines.join("\n"));
}

/** Takes a yes beforehand back; what runs under it goes on. */
export async function revokeBeforehand({ store, person, desk }: Place, run: Run, id: string): Promise<Answer> {
  await revokeStanding(store, run, { id, by: person.name, role: person.role });
  desk.wake();
  return answer(`${escapeMarkdown(id)} no longer holds; what runs goes on.`);
}
