import type { FakeChannel, FakeMessage } from "../driver.ts";
import { MessageRecord } from "../world/message-record.ts";
import { pings } from "../world/pings.ts";
import { tellMessage } from "../world/tell-message.ts";
import type { UserRecord, World } from "../world/world.ts";

/** What may come with a person's message. */
export interface MessageExtras {
  replyTo?: FakeMessage;
  mention?: boolean;
  files?: { name: string; content: string | Buffer }[];
}

/** A person writes a message; the bot hears of it as its intents let it. */
export function writeMessage(world: World, author: UserRecord, channel: FakeChannel, text: string, extras: MessageExtras): MessageRecord {
  const { replyTo, mention = false, files = [] } = extras;
  if (text.length > 2000) throw new Error(`A person without Nitro writes at most 2,000 characters, not ${text.length}.`);
  if (channel.kind !== "dm" && !world.guildOf(channel)?.members.has(author.id))
    throw new Error(`${author.name} is no member of that guild.`);
  const content = mention ? `<@${world.bot.id}> ${text}` : text;
  const message = new MessageRecord({
    id: world.snowflake(),
    channelId: channel.id,
    guildId: channel.guildId,
    author: { id: author.id, name: author.name, isBot: false },
    content,
    files: files.map(({ name, content: inside }) => {
      const file = { id: world.snowflake(), name, contentType: "text/plain", bytes: Buffer.from(inside) };
      world.files.set(file.id, file);
      return file;
    }),
    replyToId: replyTo?.id ?? null,
    pinged: pings(world, { content, channel, authorId: author.id, repliedTo: replyTo?.author.id ?? null, allowed: undefined }),
    sentAt: world.now(),
  });
  world.messages.set(message.id, message);
  if (channel.kind === "thread") channel.members.add(author.id);
  tellMessage(world, "MESSAGE_CREATE", message);
  return message;
}
