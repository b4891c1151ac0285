import { PermissionFlagsBits } from "discord-api-types/v10";
import type { FakeChannel } from "../driver.ts";
import type { GuildRecord } from "./world.ts";

const {
  AddReactions,
  Administrator,
  AttachFiles,
  CreatePublicThreads,
  EmbedLinks,
  ReadMessageHistory,
  SendMessages,
  SendMessagesInThreads,
  UseApplicationCommands,
  ViewChannel,
} = PermissionFlagsBits;

/** What everybody may do in a new guild, as far as it matters here. */
export const everyonePermissions =
  ViewChannel | SendMessages | SendMessagesInThreads | ReadMessageHistory | AddReactions | UseApplicationCommands;

/** What the bot asks for when it is added, unless a test says otherwise. */
export const botPermissions =
  ViewChannel | SendMessages | SendMessagesInThreads | CreatePublicThreads | EmbedLinks | AttachFiles | ReadMessageHistory | AddReactions;

const all = Object.values(PermissionFlagsBits).reduce((sum, bit) => sum | bit, 0n);

/** What a member may do in a guild: the sum over their roles. */
export function memberPermissions(guild: GuildRecord, userId: string): bigint {
  const held = guild.members.get(userId)?.roleIds ?? new Set<string>();
  const sum = guild.roles.filter(({ id }) => id === guild.id || held.has(id)).reduce((bits, role) => bits | role.permissions, 0n);
  return (sum & Administrator) === 0n ? sum : all;
}

/** What the bot may do in a channel of a guild: its role, less what the channel denies. */
export function botPermissionsIn(guild: GuildRecord, botId: string, channel: FakeChannel): bigint {
  return memberPermissions(guild, botId) & ~channel.denied;
}
