import { randomBytes } from "node:crypto";
import { InteractionContextType, type InteractionType } from "discord-api-types/v10";
import type { FakeChannel } from "../driver.ts";
import { InteractionRecord } from "../world/interaction-record.ts";
import { isLate } from "../world/is-late.ts";
import type { MessageRecord } from "../world/message-record.ts";
import { botPermissionsIn, memberPermissions } from "../world/permissions.ts";
import { presentChannel, presentMember, presentUser } from "../world/present.ts";
import { until } from "../world/until.ts";
import type { GuildRecord, World } from "../world/world.ts";

/** An interaction that a person begins. */
export interface Begun {
  type: InteractionType;
  what: string;
  userId: string;
  channel: FakeChannel;
  /** Differs from the channel's only when somebody forges it. */
  guild?: GuildRecord | null;
  source?: MessageRecord | null;
  data: object;
  message?: object;
}

/** A client gives up on a bot that never answers, also when the clock stands still. */
const neverMs = 60_000;

function place(world: World, guild: GuildRecord | null, { channel, userId }: Begun): object {
  const bot = guild === null ? 0n : botPermissionsIn(guild, world.bot.id, channel);
  const common = {
    channel: presentChannel(world, channel),
    channel_id: channel.id,
    app_permissions: bot.toString(),
    locale: "en-US",
    entitlements: [],
    attachment_size_limit: 10_485_760,
  };
  if (guild === null)
    return {
      ...common,
      user: presentUser(world.user(userId)),
      context: InteractionContextType.BotDM,
      authorizing_integration_owners: { "0": "0" },
    };
  return {
    ...common,
    member: { ...presentMember(world, guild, userId), permissions: memberPermissions(guild, userId).toString() },
    guild_id: guild.id,
    guild: { id: guild.id, locale: "en-US", features: [] },
    guild_locale: "en-US",
    context: InteractionContextType.Guild,
    authorizing_integration_owners: { "0": guild.id },
  };
}

/** Waits for the first answer; when the 3 seconds are over the person sees that it failed. */
export async function awaitAnswer(world: World, interaction: InteractionRecord): Promise<InteractionRecord> {
  await until(
    world,
    `an answer to ${interaction.what} by ${world.user(interaction.userId).name}`,
    () => {
      if (interaction.acknowledgement === null && isLate(world, interaction)) interaction.hasFailed = true;
      return interaction.acknowledgement !== null || interaction.hasFailed;
    },
    neverMs,
  );
  return interaction;
}

/** Sends an interaction to the bot, by the same payload as Discord's, and waits for the first answer. */
export async function sendInteraction(world: World, begun: Begun): Promise<InteractionRecord> {
  const guild = begun.guild === undefined ? world.guildOf(begun.channel) : begun.guild;
  const interaction = new InteractionRecord({
    id: world.snowflake(),
    token: randomBytes(24).toString("base64url"),
    type: begun.type,
    what: begun.what,
    userId: begun.userId,
    channelId: begun.channel.id,
    guildId: guild?.id ?? null,
    source: begun.source ?? null,
    sentAt: world.now(),
  });
  world.interactions.set(interaction.id, interaction);
  world.emit({
    type: "INTERACTION_CREATE",
    intent: 0,
    data: {
      id: interaction.id,
      application_id: world.applicationId,
      type: begun.type,
      token: interaction.token,
      version: 1,
      data: begun.data,
      ...(begun.message === undefined ? {} : { message: begun.message }),
      ...place(world, guild, begun),
    },
  });
  return awaitAnswer(world, interaction);
}
