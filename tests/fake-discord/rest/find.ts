import { PermissionFlagsBits } from "discord-api-types/v10";
import type { FakeChannel } from "../driver.ts";
import type { MessageRecord } from "../world/message-record.ts";
import { botPermissionsIn } from "../world/permissions.ts";
import type { GuildRecord } from "../world/world.ts";
import { discordErrors } from "./discord-error.ts";
import type { Call } from "./router.ts";

/** The channel of a route, if the bot sees it and may do there what the route needs. */
export function findChannel({ world, param }: Call, needed: bigint = 0n): FakeChannel {
  const channel = world.channels.get(param("channel"));
  if (channel === undefined) throw discordErrors.unknownChannel();
  const guild = world.guildOf(channel);
  if (guild === null) return channel;
  const held = botPermissionsIn(guild, world.bot.id, channel);
  if ((held & PermissionFlagsBits.ViewChannel) === 0n) throw discordErrors.missingAccess();
  if ((held & needed) !== needed) throw discordErrors.missingPermissions();
  return channel;
}

/** The message of a route; ephemeral ones are not to be had by channel routes. */
export function findMessage({ world, param }: Call, channel: FakeChannel): MessageRecord {
  const message = world.messages.get(param("message"));
  if (message === undefined || message.channelId !== channel.id || message.isRemoved || message.ephemeralFor !== null)
    throw discordErrors.unknownMessage();
  return message;
}

/** The guild of a route, if the bot is in it. */
export function findGuild({ world, param }: Call): GuildRecord {
  const guild = world.guilds.get(param("guild"));
  if (guild === undefined || !guild.members.has(world.bot.id)) throw discordErrors.unknownGuild();
  return guild;
}
