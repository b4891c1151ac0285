import { DiscordBot } from "#bots/discord/bot.ts";
import { Pictures } from "#bots/pictures/pictures.ts";
import { openStore } from "#src/store/open-store.ts";
import { botSettingsSchema } from "./bot-settings.ts";
import { plainCards } from "./plain-cards.ts";

const refuse = () => Promise.reject(new Error("this bot proposes nothing"));

/** The Discord bot on a home's store, as a process of its own: it can be killed. It says `ready` once it answers. */
async function main(): Promise<void> {
  const { home, api, token, guild, channel, answer } = botSettingsSchema.parse(JSON.parse(process.argv[2] ?? ""));
  const store = await openStore({ home });
  const bot = new DiscordBot({
    desk: {
      store,
      home,
      now: () => new Date(),
      startedAt: new Date(),
      pictures: new Pictures({ home }),
      wishes: { start: refuse, propose: refuse },
      catalogue: { runs: [], models: [], datasets: [], tasks: [] },
      redact: (text) => text,
    },
    token,
    chat: {
      reply: ({ text }) =>
        Promise.resolve({
          text: answer ?? `You said: ${text}`,
          picture: null,
          proposal: null,
          sources: [],
          suggestions: [],
          understood: true,
        }),
    },
    source: plainCards(store),
    roleOf: ({ roleNames }) => (roleNames.includes("trainers") ? "approver" : roleNames.includes("watchers") ? "viewer" : null),
    guilds: [guild],
    homeChannels: [{ guild, channel }],
    freeTalk: false,
    log: {
      info: () => undefined,
      warn: (fields, text) => void process.stderr.write(`${text} ${"error" in fields ? String(fields.error) : ""}\n`),
    },
    api,
  });
  await bot.start();
  process.stdout.write("ready\n");
}

await main();
