import type { Chat, ChatMessage, ChatReply } from "#graphs/chat/chat.ts";
import { DiscordBot, type BotOptions } from "#bots/discord/bot.ts";
import type { CardSource } from "#bots/discord/card-source.ts";
import { Pictures } from "#bots/pictures/pictures.ts";
import { describeSubject } from "#src/approval/request-approval.ts";
import { decideApproval } from "#src/approval/decide-approval.ts";
import type { Card } from "#src/card/card.ts";
import type { Approval } from "#src/store/store.ts";
import type { FakeDiscord, FakeGuild } from "#tests/fake-discord/driver.ts";
import { startFakeDiscord } from "#tests/fake-discord/start-fake-discord.ts";
import { openScriptedWorld, type ScriptedWorld } from "#tests/graphs/scripted-world.ts";

/** A card of little words, so that these tests are about messages and not about wording. */
function cardOf(approval: Approval): Card {
  const isOpen = approval.state === "pending";
  return {
    kind: "approval",
    subject: approval.id,
    title: `Approve ${describeSubject(approval)}?`,
    text: approval.why,
    fields: [{ name: "Cost", value: approval.estimate.basis }],
    graph: null,
    footer: null,
    expiresAt: isOpen ? approval.expiresAt : null,
    state: isOpen ? "open" : approval.state === "expired" ? "expired" : "decided",
    outcome: isOpen ? null : `${approval.state} by ${approval.decidedBy}`,
    buttons: [
      { action: "approve", label: "Approve", style: "primary" },
      { action: "reject", label: "Reject", style: "danger" },
      { action: "details", label: "Details", style: "secondary" },
    ],
  };
}

const unwanted = () => Promise.reject(new Error("this test proposes nothing"));

/** A home with a scripted run, a fake Discord, and bots that are started, killed and started again. */
export interface BotWorld extends ScriptedWorld {
  discord: FakeDiscord;
  guild: FakeGuild;
  /** What bots work with unless a test says otherwise. */
  desk: BotOptions["desk"];
  /** What chat was asked. */
  asked: ChatMessage[];
  log: string[];
  start(more?: Partial<BotOptions>): Promise<DiscordBot>;
}

/** Opens it. `parts` are of the run's config. */
export async function openBotWorld(parts: Record<string, unknown> = {}): Promise<BotWorld> {
  const world = await openScriptedWorld(parts);
  const discord = await startFakeDiscord();
  const guild = discord.guild({ name: "lab", roles: ["trainers", "watchers"], channels: ["general", "random"] });
  const bots: DiscordBot[] = [];
  const pictures = new Pictures({ home: world.home });
  const asked: ChatMessage[] = [];
  const log: string[] = [];
  const write = (kind: string, fields: object, text: string) => {
    log.push(`${kind} ${text} ${"error" in fields ? String(fields.error) : ""}`);
  };

  const desk: BotOptions["desk"] = {
    store: world.store,
    home: world.home,
    now: () => new Date(),
    startedAt: new Date(),
    pictures,
    wishes: { start: unwanted, propose: unwanted },
    catalogue: { runs: ["three-skills", "tool-use"], models: ["base", "gemma"], datasets: ["math", "extra"], tasks: ["math", "safety"] },
    redact: (text) => text,
  };
  const chat: Chat = {
    async reply(message): Promise<ChatReply> {
      asked.push(message);
      return { text: `You said: ${message.text}`, picture: null, proposal: null, sources: [], suggestions: ["why?"], understood: true };
    },
  };
  const source: CardSource = {
    approval: async (_run, approval) => cardOf(approval),
    proposal: async () => null,
    details: async (subject) => `Details of ${subject}`,
    form: async () => ({ title: "Reject", fields: [{ name: "reason", label: "Why not?", value: "", isLong: true, isRequired: false }] }),
    async perform({ subject, action, key }, person, values) {
      const approval = await world.store.approvals.find(subject);
      const to = action === "reject" ? "rejected" : "approved";
      const shown = approval?.key.startsWith(key) === true ? approval.key : key;
      const reason = values["reason"] ?? null;
      const decided = await decideApproval(world.store, { id: subject, key: shown, to, by: person.name, role: person.role, reason });
      return { text: `${decided.id} is ${decided.state}.`, proposal: null };
    },
  };
  return {
    ...world,
    desk,
    discord,
    guild,
    asked,
    log,
    async start(more = {}) {
      const bot = new DiscordBot({
        desk: { ...desk, startedAt: new Date() },
        token: discord.token,
        chat,
        source,
        roleOf: ({ roleNames }) => (roleNames.includes("trainers") ? "approver" : roleNames.includes("watchers") ? "viewer" : null),
        guilds: [guild.id],
        homeChannels: [{ guild: guild.id, channel: "general" }],
        freeTalk: false,
        log: { info: (fields, text) => write("info", fields, text), warn: (fields, text) => write("warn", fields, text) },
        api: discord.api,
        ...more,
      });
      bots.push(bot);
      await bot.start();
      return bot;
    },
    async close() {
      for (const bot of bots) await bot.close();
      await pictures.close();
      await world.close();
      await discord.close();
    },
  };
}
