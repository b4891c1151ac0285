import { openDiscord } from "#bots/serve/open-discord.ts";
import { roles } from "#src/approval/role.ts";
import { parseServerConfig } from "#src/server/load-server-config.ts";
import { openStore } from "#src/store/open-store.ts";
import type { FakeDiscord, FakeGuild } from "#tests/fake-discord/driver.ts";
import { startFakeDiscord } from "#tests/fake-discord/start-fake-discord.ts";
import { join } from "node:path";
import { PeopleInThread } from "./people-in-thread.ts";

const patienceMs = 60_000;

interface Setting {
  home: string;
  /** More of `server.yaml`; its paths count from the home. */
  server?: object;
  now?: () => Date;
}

/** The bot as `temper serve` opens it, on a fake Discord. */
export interface ServedBot {
  discord: FakeDiscord;
  guild: FakeGuild;
  /** In the thread of the home's run. */
  people: PeopleInThread;
  /** Throws when the bot warned of something, or sent what Discord would not take. */
  close(): Promise<void>;
}

/** Opens it on a home with one run that goes on; each role of Temper's is a role of the guild. */
export async function openServedBot({ home, server: more = {}, now = () => new Date() }: Setting): Promise<ServedBot> {
  const discord = await startFakeDiscord({ now });
  const guild = discord.guild({ name: "lab", roles: [...roles], channels: ["general"] });
  const store = await openStore({ home, now });
  const guilds = { [guild.id]: { roles: Object.fromEntries(roles.map((role) => [role, role])), channel: "general" } };
  const server = parseServerConfig(JSON.stringify({ ...more, discord: { guilds } }), join(home, "server.yaml"));
  if (server.discord === undefined) throw new Error("There is no Discord in these settings.");
  const warnings: string[] = [];
  const close = await openDiscord({
    store,
    home,
    databaseUrl: undefined,
    server,
    discord: server.discord,
    token: discord.token,
    redact: (text) => text,
    env: { TEMPER_DISCORD_API: discord.api },
    offline: true,
    log: {
      info: () => undefined,
      warn: (fields, text) => void warnings.push(`${text} ${"error" in fields ? String(fields["error"]) : ""}`),
    },
    now,
  });
  const channel = await discord.until("the run's thread", () => discord.threads(guild.channel("general"))[0], patienceMs);
  return {
    discord,
    guild,
    people: new PeopleInThread(discord, channel),
    async close() {
      await close();
      await store.close();
      await discord.close();
      if (warnings.length > 0) throw new Error(`The bot warned:\n${warnings.join("\n")}`);
    },
  };
}
