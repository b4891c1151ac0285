import {
  GuildChannelResponseSchema,
  GuildMemberResponseSchema,
  GuildRoleResponseSchema,
  PrivateChannelResponseSchema,
  ThreadResponseSchema,
  UserResponseSchema,
} from "discord-api-spec/zod";
import { ChannelType } from "discord-api-types/v10";
import type { FakeChannel, FakeRole } from "../driver.ts";
import { answer } from "./answer.ts";
import type { GuildRecord, UserRecord, World } from "./world.ts";

/** A user as Discord's API shows one. */
export function presentUser({ id, name, isBot }: UserRecord) {
  return answer("user", UserResponseSchema, {
    id,
    username: isBot ? name : name.toLowerCase().replaceAll(/[^a-z0-9_.]/g, "_"),
    global_name: isBot ? null : name,
    discriminator: "0",
    avatar: null,
    public_flags: 0,
    flags: 0,
    primary_guild: null,
    ...(isBot ? { bot: true } : {}),
  });
}

/** A member of a guild; `user` is part of it except in a message's `member`. */
export function presentMember(world: World, guild: GuildRecord, userId: string) {
  const member = guild.members.get(userId);
  return answer("guild member", GuildMemberResponseSchema, {
    user: presentUser(world.user(userId)),
    roles: [...(member?.roleIds ?? [])],
    joined_at: (member?.joinedAt ?? guild.createdAt).toISOString(),
    nick: null,
    avatar: null,
    banner: null,
    communication_disabled_until: null,
    flags: 0,
    pending: false,
    premium_since: null,
    mute: false,
    deaf: false,
  });
}

/** A role of a guild. */
export function presentRole({ id, name, permissions }: FakeRole, position: number) {
  return answer("role", GuildRoleResponseSchema, {
    id,
    name,
    permissions: permissions.toString(),
    position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: false,
    mentionable: false,
    icon: null,
    unicode_emoji: null,
    flags: 0,
  });
}

function lastMessageId(world: World, channel: FakeChannel): string | null {
  return world.messagesIn(channel.id).findLast(({ ephemeralFor }) => ephemeralFor === null)?.id ?? null;
}

function presentThread(world: World, channel: FakeChannel) {
  const count = world.messagesIn(channel.id).length;
  return answer("thread", ThreadResponseSchema, {
    id: channel.id,
    type: ChannelType.PublicThread,
    guild_id: channel.guildId,
    parent_id: channel.parentId,
    name: channel.name,
    owner_id: channel.members.values().next().value ?? world.bot.id,
    flags: 0,
    last_message_id: lastMessageId(world, channel),
    rate_limit_per_user: 0,
    message_count: count,
    member_count: channel.members.size,
    total_message_sent: count,
    thread_metadata: {
      archived: channel.isArchived,
      archive_timestamp: world.now().toISOString(),
      auto_archive_duration: 10_080,
      locked: false,
      create_timestamp: world.now().toISOString(),
    },
    ...(channel.members.has(world.bot.id)
      ? { member: { id: channel.id, user_id: world.bot.id, join_timestamp: world.now().toISOString(), flags: 0 } }
      : {}),
  });
}

/** A channel, a thread or a direct conversation. */
export function presentChannel(world: World, channel: FakeChannel) {
  switch (channel.kind) {
    case "thread":
      return presentThread(world, channel);
    case "dm":
      return answer("direct conversation", PrivateChannelResponseSchema, {
        id: channel.id,
        type: ChannelType.DM,
        flags: 0,
        last_message_id: lastMessageId(world, channel),
        recipients: [presentUser(world.user(channel.recipientId ?? ""))],
      });
    case "text":
      return answer("channel", GuildChannelResponseSchema, {
        id: channel.id,
        type: ChannelType.GuildText,
        guild_id: channel.guildId,
        name: channel.name,
        position: 0,
        flags: 0,
        parent_id: null,
        topic: null,
        nsfw: false,
        rate_limit_per_user: 0,
        last_message_id: lastMessageId(world, channel),
        permission_overwrites: channel.denied === 0n ? [] : [{ id: world.bot.id, type: 1, allow: "0", deny: channel.denied.toString() }],
      });
  }
}
