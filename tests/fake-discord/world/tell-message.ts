import { ChannelType, GatewayIntentBits } from "discord-api-types/v10";
import type { MessageRecord } from "./message-record.ts";
import { presentMember } from "./present.ts";
import { presentMessage } from "./present-message.ts";
import type { World } from "./world.ts";

const channelTypes = { text: ChannelType.GuildText, thread: ChannelType.PublicThread, dm: ChannelType.DM } as const;

/** What the gateway adds to a message: where it stands and who of the guild wrote it. */
function parts(world: World, message: MessageRecord): object {
  const place = { channel_type: channelTypes[world.channel(message.channelId).kind] };
  const guild = message.guildId === null ? undefined : world.guilds.get(message.guildId);
  if (guild === undefined) return place;
  const { user: _user, ...member } = presentMember(world, guild, message.author.id);
  return { ...place, guild_id: guild.id, member };
}

function intentOf(message: MessageRecord): number {
  return message.guildId === null ? GatewayIntentBits.DirectMessages : GatewayIntentBits.GuildMessages;
}

/** Tells sessions of a message that is new, changed or gone. Nobody is told of ephemeral ones. */
export function tellMessage(world: World, type: "MESSAGE_CREATE" | "MESSAGE_UPDATE" | "MESSAGE_DELETE", message: MessageRecord): void {
  if (message.ephemeralFor !== null) {
    world.changed();
    return;
  }
  if (type === "MESSAGE_DELETE") {
    const data = { id: message.id, channel_id: message.channelId, ...(message.guildId === null ? {} : { guild_id: message.guildId }) };
    world.emit({ type, intent: intentOf(message), data });
    return;
  }
  const more = parts(world, message);
  world.emit({
    type,
    intent: intentOf(message),
    data: { ...presentMessage(world, message, true), ...more },
    withheld: { ...presentMessage(world, message, false), ...more },
  });
}
