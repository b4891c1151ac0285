import type { FakeMessage } from "../driver.ts";
import type { World } from "../world/world.ts";
import { avatarColours, colours } from "./colours.ts";
import { drawComponents } from "./draw-components.ts";
import { drawEmbed } from "./draw-embed.ts";
import { drawFile } from "./draw-file.ts";
import { drawText } from "./draw-text.ts";
import { column, row, type Element } from "./element.ts";
import type { Names } from "./parse-markdown.ts";

function colourOf(name: string): string {
  const sum = Buffer.from(name).reduce((total, byte) => total + byte, 0);
  return avatarColours[sum % avatarColours.length] ?? colours.blurple;
}

function drawAvatar({ name, isBot }: FakeMessage["author"], size: number): Element {
  return row(
    {
      width: size,
      height: size,
      borderRadius: size / 2,
      backgroundColor: isBot ? colours.blurple : colourOf(name),
      color: "#ffffff",
      fontSize: size * 0.45,
      fontWeight: 700,
      alignItems: "center",
      justifyContent: "center",
      flexShrink: 0,
    },
    name.slice(0, 1).toUpperCase(),
  );
}

/** The line above: what it replies to or which command it answers. */
function drawOrigin(world: World, message: FakeMessage, names: Names): Element[] {
  const interaction = world.interactions.get(message.interactionId ?? "");
  const replied = message.replyToId === null ? undefined : world.messages.get(message.replyToId);
  const style = { fontSize: 13, color: colours.muted, marginLeft: 56, marginBottom: 4, alignItems: "center" };
  if (replied !== undefined) {
    const said = replied.content === "" ? (replied.embeds[0]?.title ?? "an attachment") : replied.content.split("\n")[0]?.slice(0, 70);
    return [row(style, drawText(`↱ **${replied.author.name}**  ${said ?? ""}`, { size: 13, color: colours.muted, names }))];
  }
  if (interaction === undefined) return [];
  const name = world.user(interaction.userId).name;
  const did = interaction.what.startsWith("/") ? `used **${interaction.what}**` : `· ${interaction.what}`;
  return [row(style, drawText(`↱ **${name}** ${did}`, { size: 13, color: colours.muted, names }))];
}

function drawHeader({ author, sentAt }: FakeMessage): Element {
  const tag = row(
    {
      backgroundColor: colours.blurple,
      color: "#ffffff",
      borderRadius: 4,
      padding: "1px 5px",
      fontSize: 10,
      fontWeight: 700,
      marginLeft: 6,
    },
    "APP",
  );
  return row(
    { alignItems: "center" },
    row({ fontWeight: 700, fontSize: 16, color: colours.strong }, author.name),
    ...(author.isBot ? [tag] : []),
    row({ fontSize: 12, color: colours.muted, marginLeft: 8 }, sentAt.toISOString().slice(0, 16).replace("T", " ")),
  );
}

function drawReactions({ reactions }: FakeMessage): Element[] {
  if (reactions.length === 0) return [];
  const drawn = reactions.map(({ emoji, userIds }) =>
    row(
      {
        backgroundColor: colours.embed,
        border: `1px solid ${colours.line}`,
        borderRadius: 8,
        padding: "3px 8px",
        marginRight: 6,
        fontSize: 14,
        color: colours.text,
        alignItems: "center",
      },
      row({ fontSize: 15 }, emoji),
      row({ marginLeft: 6 }, String(userIds.length)),
    ),
  );
  return [row({ marginTop: 6 }, ...drawn)];
}

/** One message as it stands: who, when, text, embeds, files, buttons, reactions. */
export function drawMessage(world: World, message: FakeMessage, names: Names): Element {
  const inEmbeds = new Set(message.embeds.map(({ image }) => image?.url));
  const loose = message.files.filter(({ name }) => !inEmbeds.has(`attachment://${name}`));
  const content = message.isPending ? "*Temper is thinking…*" : message.content;
  const edited = message.editedAt !== null && message.content !== "" ? [row({ fontSize: 10, color: colours.muted }, "(edited)")] : [];
  const body = column(
    { marginLeft: 16, flexGrow: 1, flexShrink: 1 },
    drawHeader(message),
    ...(content === "" ? [] : [drawText(content, { size: 15, color: colours.text, names })]),
    ...edited,
    ...message.embeds.map((embed) => drawEmbed(embed, message.files, names)),
    ...loose.map((file) => drawFile(file, 560)),
    ...drawComponents(message),
    ...drawReactions(message),
    ...(message.ephemeralFor === null ? [] : [row({ fontSize: 12, color: colours.muted, marginTop: 6 }, "Only you can see this")]),
  );
  return column({ padding: "10px 20px" }, ...drawOrigin(world, message, names), row({}, drawAvatar(message.author, 40), body));
}
