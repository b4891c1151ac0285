import { MessageFlags, type APIEmbed, type APIMessageTopLevelComponent, type APIAllowedMentions } from "discord-api-types/v10";
import type { FakeChannel } from "../driver.ts";
import type { InteractionRecord } from "../world/interaction-record.ts";
import { MessageRecord } from "../world/message-record.ts";
import { pings } from "../world/pings.ts";
import { tellMessage } from "../world/tell-message.ts";
import type { World } from "../world/world.ts";
import { checkMessage } from "./check-message.ts";
import { discordErrors } from "./discord-error.ts";
import { keepFiles } from "./keep-files.ts";
import type { RequestBody } from "./read-request.ts";

/** What all ways of sending a message have in common. */
export interface MessageBody {
  content?: string | null | undefined;
  embeds?: APIEmbed[] | null | undefined;
  components?: APIMessageTopLevelComponent[] | null | undefined;
  allowed_mentions?: APIAllowedMentions | null | undefined;
  flags?: number | null | undefined;
  nonce?: string | number | undefined;
  message_reference?: { message_id?: string | undefined; fail_if_not_exists?: boolean | undefined } | undefined;
}

interface Creation {
  channel: FakeChannel;
  body: MessageBody;
  upload: RequestBody;
  /** The interaction that it answers. */
  interaction?: InteractionRecord;
  isPending?: boolean;
}

/** A reply to a message that is gone fails, unless the bot said that it need not be there. */
function repliedMessage(world: World, { channel, body }: Creation): MessageRecord | null {
  const id = body.message_reference?.message_id;
  if (id === undefined) return null;
  const replied = world.messages.get(id);
  if (replied !== undefined && !replied.isRemoved && replied.channelId === channel.id) return replied;
  if (body.message_reference?.fail_if_not_exists === false) return null;
  throw discordErrors.badBody(["message_reference"], "REPLIES_UNKNOWN_MESSAGE", "Unknown message");
}

/** Makes a message of the bot's: checked, its pings worked out, told to everyone who may see it. */
export function createMessage(world: World, creation: Creation): MessageRecord {
  const { channel, body, upload, interaction, isPending = false } = creation;
  if (!isPending) checkMessage({ ...body, fileCount: upload.files.size });
  const replied = repliedMessage(world, creation);
  const isEphemeral = ((body.flags ?? 0) & MessageFlags.Ephemeral) !== 0 && interaction !== undefined;
  const content = body.content ?? "";
  const message = new MessageRecord({
    id: world.snowflake(),
    channelId: channel.id,
    guildId: channel.guildId,
    author: { id: world.bot.id, name: world.bot.name, isBot: true },
    content,
    embeds: body.embeds ?? [],
    components: body.components ?? [],
    files: keepFiles(world, upload),
    ephemeralFor: isEphemeral ? interaction.userId : null,
    isPending,
    nonce: body.nonce === undefined ? null : String(body.nonce),
    replyToId: replied?.id ?? null,
    interactionId: interaction?.id ?? null,
    pinged: pings(world, {
      content,
      channel,
      authorId: world.bot.id,
      repliedTo: replied?.author.id ?? null,
      allowed: body.allowed_mentions,
    }),
    sentAt: world.now(),
  });
  world.messages.set(message.id, message);
  interaction?.messages.push(message);
  tellMessage(world, "MESSAGE_CREATE", message);
  return message;
}
