import { GuildWithCountsResponseSchema } from "discord-api-spec/zod";
import { answer } from "./answer.ts";
import { presentChannel, presentMember, presentRole } from "./present.ts";
import type { GuildRecord, World } from "./world.ts";

/** A guild as `GET /guilds/:id` shows it. */
export function presentGuild(guild: GuildRecord) {
  return answer("guild", GuildWithCountsResponseSchema, {
    id: guild.id,
    name: guild.name,
    owner_id: guild.ownerId,
    roles: guild.roles.map((role, index) => presentRole(role, index)),
    features: [],
    emojis: [],
    stickers: [],
    icon: null,
    description: null,
    home_header: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    application_id: null,
    region: "us-west",
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 0,
    default_message_notifications: 0,
    mfa_level: 0,
    explicit_content_filter: 0,
    max_presences: null,
    max_members: 500_000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: "en-US",
    rules_channel_id: null,
    safety_alerts_channel_id: null,
    public_updates_channel_id: null,
    premium_progress_bar_enabled: false,
    nsfw: false,
    nsfw_level: 0,
    incidents_data: null,
  });
}

/** What GUILD_CREATE tells: the guild with its channels, live threads and, without the members intent, the bot alone. */
export function presentGuildCreate(world: World, guild: GuildRecord) {
  const channels = [...world.channels.values()].filter(({ guildId }) => guildId === guild.id);
  return {
    ...presentGuild(guild),
    joined_at: guild.createdAt.toISOString(),
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    members: [presentMember(world, guild, world.bot.id)],
    channels: channels.filter(({ kind }) => kind === "text").map((channel) => presentChannel(world, channel)),
    threads: channels.filter(({ kind, isArchived }) => kind === "thread" && !isArchived).map((channel) => presentChannel(world, channel)),
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}
