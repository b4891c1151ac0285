import type { FakeMessage } from "./driver.ts";
import type { World } from "./world/world.ts";

function quoted(text: string): string {
  return text
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
}

function writeEmbeds({ embeds }: FakeMessage): string[] {
  return embeds.flatMap((embed) => [
    ...(embed.title === undefined ? [] : [`**${embed.title}**`]),
    ...(embed.description === undefined ? [] : [embed.description]),
    ...(embed.fields ?? []).map(({ name, value }) => `*${name}:* ${value.replaceAll("\n", " / ")}`),
    ...(embed.footer === undefined ? [] : [`_${embed.footer.text}_`]),
  ]);
}

/** Names instead of ids, so that it reads. */
function readable(world: World, text: string): string {
  return text
    .replaceAll(/<@&(\d+)>/g, (whole, id: string) => {
      const role = [...world.guilds.values()].flatMap(({ roles }) => roles).find((each) => each.id === id);
      return role === undefined ? whole : `@${role.name}`;
    })
    .replaceAll(/<@!?(\d+)>/g, (whole, id: string) => (world.users.has(id) ? `@${world.user(id).name}` : whole))
    .replaceAll(/<#(\d+)>/g, (whole, id: string) => (world.channels.has(id) ? `#${world.channel(id).name}` : whole));
}

function heading(world: World, message: FakeMessage): string {
  const interaction = world.interactions.get(message.interactionId ?? "");
  const replied = message.replyToId === null ? undefined : world.messages.get(message.replyToId);
  const marks = [
    ...(interaction === undefined ? [] : [`to ${world.user(interaction.userId).name}'s \`${interaction.what}\``]),
    ...(replied === undefined ? [] : [`in reply to ${replied.author.name}`]),
    ...(message.ephemeralFor === null ? [] : [`only ${world.user(message.ephemeralFor).name} sees it`]),
    ...(message.earlier.length === 0 ? [] : [`edited ${message.earlier.length}×`]),
    ...(message.isRemoved ? ["deleted"] : []),
  ];
  const time = message.sentAt.toISOString().slice(11, 19);
  return `**${message.author.name}** ${time}${marks.length === 0 ? "" : ` (${marks.join("; ")})`}`;
}

function writeOne(world: World, message: FakeMessage): string {
  const body = [
    ...(message.isPending ? ["…"] : []),
    ...(message.content === "" ? [] : [message.content]),
    ...writeEmbeds(message),
    ...message.files.map(({ name, bytes }) => `[${name}, ${bytes.length.toLocaleString("en-US")} bytes]`),
    ...(message.buttons.length === 0
      ? []
      : [message.buttons.map(({ label, isDisabled }) => (isDisabled ? `~~[${label}]~~` : `[${label}]`)).join(" ")]),
    ...message.selects.map((select) => `(${select.placeholder ?? "choose"}: ${select.options.map(({ label }) => label).join(", ")})`),
    ...(message.reactions.length === 0 ? [] : [message.reactions.map(({ emoji, userIds }) => `${emoji} ${userIds.length}`).join("  ")]),
  ].join("\n");
  return `${heading(world, message)}\n${quoted(readable(world, body))}`;
}

/** Everything said, channel by channel, as Markdown. */
export function writeTranscript(world: World): string {
  const channelIds = [...new Set([...world.messages.values()].map(({ channelId }) => channelId))];
  const sections = channelIds.map((id) => {
    const channel = world.channels.get(id);
    const name =
      channel === undefined
        ? "a deleted channel"
        : channel.kind === "text"
          ? `#${channel.name}`
          : channel.kind === "thread"
            ? `Thread: ${channel.name}`
            : channel.name;
    const said = [...world.messages.values()].filter(({ channelId }) => channelId === id).map((message) => writeOne(world, message));
    return `## ${name}\n\n${said.join("\n\n")}`;
  });
  return `${sections.join("\n\n")}\n`;
}
