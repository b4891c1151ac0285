import { Client, Events, GatewayIntentBits, Partials } from "discord.js";
import { afterEach } from "vitest";
import type { FakeDiscord, FakeDiscordOptions, FakeGuild, FakeChannel } from "./driver.ts";
import { startFakeDiscord } from "./start-fake-discord.ts";

/** A real client in a guild `lab` with `#general`, at a time that stands still until it is moved on. */
export interface Connected {
  discord: FakeDiscord;
  client: Client<true>;
  guild: FakeGuild;
  channel: FakeChannel;
  advance(ms: number): void;
}

const { Guilds, GuildMessages, DirectMessages } = GatewayIntentBits;
const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

/** Starts a fake Discord and connects a client to it; both end with the test, which fails on faults left. */
export async function connect(options: FakeDiscordOptions & { intents?: GatewayIntentBits[] } = {}): Promise<Connected> {
  const { intents = [Guilds, GuildMessages, DirectMessages], ...rest } = options;
  let nowMs = Date.parse("2026-01-02T03:04:05Z");
  const discord = await startFakeDiscord({ now: () => new Date(nowMs), ...rest });
  open.push(() => discord.close());
  const guild = discord.guild({ name: "lab", roles: ["trainers"], channels: ["general"] });
  const client = new Client({ intents, partials: [Partials.Channel], rest: { api: discord.api } });
  open.push(() => client.destroy());
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.token);
  return { discord, guild, client: await ready, channel: guild.channel("general"), advance: (ms) => void (nowMs += ms) };
}
