import type { Message } from "discord.js";
import type { AttachedFile } from "../command.ts";

/** A message to the bot, as far as it matters. */
export interface Heard {
  id: string;
  channel: string;
  guild: string | null;
  /** Without the mention of the bot. */
  text: string;
  files: AttachedFile[];
  /** The message that it answers. */
  replyTo: string | null;
}

interface Listening {
  /** The bot's own user. */
  self: string;
  /** True when free talk counts here: in the thread of a run, where the owner allows it. */
  isFreeTalk: boolean;
}

/** A message that is meant for the bot: direct, with its mention, in answer to it, or free talk. Null for any other. */
export function hear(message: Message, { self, isFreeTalk }: Listening): Heard | null {
  if (message.author.bot || message.system) return null;
  const isDirect = message.guildId === null;
  const isMentioned = message.mentions.users.has(self);
  if (!isDirect && !isMentioned && !isFreeTalk) return null;
  const text = message.content
    .replaceAll(new RegExp(`<@!?${self}>`, "g"), " ")
    .replaceAll(/[ \t]+/g, " ")
    .trim();
  const files = [...message.attachments.values()].map(({ name, size, url }) => ({ name, size, url }));
  if (text === "" && files.length === 0 && !isMentioned) return null;
  const replyTo = message.reference?.messageId ?? null;
  return { id: message.id, channel: message.channelId, guild: message.guildId, text, files, replyTo };
}
