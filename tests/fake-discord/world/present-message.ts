import { MessageResponseSchema } from "discord-api-spec/zod";
import { ComponentType, InteractionType, MessageFlags, MessageType, type APIEmbed } from "discord-api-types/v10";
import type { FakeFile, FakeMessage } from "../driver.ts";
import { answer } from "./answer.ts";
import { presentChannel, presentUser } from "./present.ts";
import type { MessageRecord } from "./message-record.ts";
import type { World } from "./world.ts";

function presentFile(world: World, file: FakeFile) {
  const url = `${world.origin}/cdn/attachments/${file.id}/${encodeURIComponent(file.name)}`;
  return { id: file.id, filename: file.name, size: file.bytes.length, url, proxy_url: url, content_type: file.contentType };
}

/** `attachment://name` means the message's own file of that name. */
function resolveUrl(world: World, files: FakeFile[], url: string): string {
  const file = files.find(({ name }) => url === `attachment://${name}`);
  return file === undefined ? url : presentFile(world, file).url;
}

function presentEmbed(world: World, files: FakeFile[], embed: APIEmbed) {
  const image = (part: { url: string } | null | undefined) => (part ? { url: resolveUrl(world, files, part.url) } : undefined);
  return {
    ...embed,
    type: "rich",
    fields: embed.fields?.map((field) => ({ ...field, inline: field.inline ?? false })),
    image: image(embed.image),
    thumbnail: image(embed.thumbnail),
  };
}

/** Discord numbers the components of a message. */
function presentComponents(components: FakeMessage["components"]) {
  let id = 0;
  return components.map((row) => ({
    ...row,
    id: (id += 1),
    ...(row.type === ComponentType.ActionRow
      ? {
          components: row.components.map((component) => ({
            ...component,
            id: (id += 1),
            ...(component.type === ComponentType.Button
              ? {}
              : { min_values: component.min_values ?? 1, max_values: component.max_values ?? 1 }),
          })),
        }
      : {}),
  }));
}

function presentInteraction(world: World, message: MessageRecord) {
  const interaction = world.interactions.get(message.interactionId ?? "");
  if (interaction === undefined) return {};
  const common = {
    id: interaction.id,
    user: presentUser(world.user(interaction.userId)),
    authorizing_integration_owners: interaction.guildId === null ? { "1": interaction.userId } : { "0": interaction.guildId },
  };
  if (interaction.type === InteractionType.MessageComponent)
    return { interaction_metadata: { ...common, type: 3, interacted_message_id: interaction.source?.id ?? "0" } };
  if (interaction.type === InteractionType.ModalSubmit)
    return { interaction_metadata: { ...common, type: 5, triggering_interaction_metadata: { ...common, type: 2 } } };
  return { interaction_metadata: { ...common, type: 2 } };
}

function isWithheld(world: World, message: MessageRecord): boolean {
  return message.author.id !== world.bot.id && message.guildId !== null && !message.pinged.includes(world.bot.id);
}

function typeOf(world: World, message: MessageRecord): MessageType {
  const interaction = world.interactions.get(message.interactionId ?? "");
  if (interaction === undefined) return message.replyToId === null ? MessageType.Default : MessageType.Reply;
  return interaction.type === InteractionType.ApplicationCommand ? MessageType.ChatInputCommand : MessageType.Reply;
}

/** A message as the API shows it; without the message content intent, what people wrote to each other is left out. */
export function presentMessage(world: World, message: MessageRecord, withContent: boolean, depth = 0): object {
  const hidden = !withContent && isWithheld(world, message);
  const replied = message.replyToId === null ? undefined : world.messages.get(message.replyToId);
  const thread = world.channels.get(message.id);
  const everyone = message.pinged.includes("everyone");
  const flags =
    (message.ephemeralFor === null ? 0 : MessageFlags.Ephemeral) |
    (message.isPending ? MessageFlags.Loading : 0) |
    (thread === undefined ? 0 : MessageFlags.HasThread);
  return answer("message", MessageResponseSchema, {
    id: message.id,
    channel_id: message.channelId,
    type: typeOf(world, message),
    author: presentUser(world.user(message.author.id)),
    content: hidden ? "" : message.content,
    embeds: hidden ? [] : message.embeds.map((embed) => presentEmbed(world, message.files, embed)),
    attachments: hidden ? [] : message.files.map((file) => presentFile(world, file)),
    components: hidden ? [] : presentComponents(message.components),
    mentions: message.pinged.flatMap((id) => (world.users.has(id) ? [presentUser(world.user(id))] : [])),
    mention_roles: message.pinged.filter((id) => id !== "everyone" && !world.users.has(id)),
    mention_everyone: everyone,
    timestamp: message.sentAt.toISOString(),
    edited_timestamp: message.editedAt?.toISOString() ?? null,
    flags,
    pinned: false,
    tts: false,
    ...(message.nonce === null ? {} : { nonce: message.nonce }),
    ...(message.author.isBot ? { application_id: world.applicationId } : {}),
    ...(message.replyToId === null
      ? {}
      : {
          message_reference: {
            type: 0,
            message_id: message.replyToId,
            channel_id: message.channelId,
            ...(message.guildId === null ? {} : { guild_id: message.guildId }),
          },
        }),
    ...(message.replyToId === null || depth > 0
      ? {}
      : { referenced_message: replied === undefined || replied.isRemoved ? null : presentMessage(world, replied, withContent, depth + 1) }),
    ...(thread === undefined || depth > 0 ? {} : { thread: presentChannel(world, thread) }),
    ...(message.reactions.length === 0
      ? {}
      : {
          reactions: message.reactions.map(({ emoji, userIds }) => ({
            emoji: { id: null, name: emoji },
            count: userIds.length,
            count_details: { burst: 0, normal: userIds.length },
            burst_colors: [],
            me_burst: false,
            me: userIds.includes(world.bot.id),
          })),
        }),
    ...presentInteraction(world, message),
  });
}
