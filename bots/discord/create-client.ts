import { Client, GatewayIntentBits, Partials } from "discord.js";

interface ClientOptions {
  /** Free talk in a run's thread: without a mention, so the bot reads what is said there. */
  freeTalk: boolean;
  /** Where Discord's API is; another one in tests. */
  api: string | undefined;
}

/**
 * A client with the least intents. Slash commands, buttons, mentions and direct messages need no message content; what
 * is said in threads without a mention does, and is an opt-in. Nothing that it sends can ping anybody.
 */
export function createClient({ freeTalk, api }: ClientOptions): Client {
  const { Guilds, GuildMessages, DirectMessages, MessageContent } = GatewayIntentBits;
  return new Client({
    intents: [Guilds, GuildMessages, DirectMessages, ...(freeTalk ? [MessageContent] : [])],
    // Without the channel's, the first direct message of a person is dropped: its channel is not known yet. Without the message's,
    // the end of a message from before this start is not told.
    partials: [Partials.Channel, Partials.Message],
    allowedMentions: { parse: [], repliedUser: false },
    rest: { timeout: 20_000, retries: 5, ...(api === undefined ? {} : { api }) },
  });
}
