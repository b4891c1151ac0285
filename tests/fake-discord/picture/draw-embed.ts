import type { APIEmbed, APIEmbedField } from "discord-api-types/v10";
import type { FakeFile } from "../driver.ts";
import { colours } from "./colours.ts";
import { drawFile } from "./draw-file.ts";
import { drawText } from "./draw-text.ts";
import { column, row, type Element } from "./element.ts";
import type { Names } from "./parse-markdown.ts";

/** Inside the bar and the padding. */
const width = 540;
const columnGap = 10;
const columnWidth = Math.floor(width / 3) - columnGap;

function drawField(field: APIEmbedField, names: Names): Element {
  return column(
    { width: field.inline === true ? columnWidth : width, marginRight: field.inline === true ? columnGap : 0, marginTop: 8 },
    row({ fontWeight: 700, fontSize: 14, color: colours.strong, marginBottom: 2 }, field.name),
    drawText(field.value, { size: 14, color: colours.text, names }),
  );
}

/** An embed: a coloured bar, title, text, fields in up to three columns, its picture, a footer. */
export function drawEmbed(embed: APIEmbed, files: FakeFile[], names: Names): Element {
  const picture = files.find(({ name }) => embed.image?.url === `attachment://${name}`);
  const bar = embed.color === undefined ? colours.code : `#${embed.color.toString(16).padStart(6, "0")}`;
  const foot = [embed.footer?.text, embed.timestamp?.slice(0, 16).replace("T", " ")].filter((part) => part !== undefined).join(" • ");
  return column(
    {
      backgroundColor: colours.embed,
      borderLeft: `4px solid ${bar}`,
      borderRadius: 4,
      padding: "12px 16px 14px 14px",
      marginTop: 6,
      width,
    },
    ...(embed.author === undefined
      ? []
      : [row({ fontSize: 14, fontWeight: 700, color: colours.strong, marginBottom: 4 }, embed.author.name)]),
    ...(embed.title === undefined
      ? []
      : [row({ marginBottom: 4 }, drawText(`**${embed.title}**`, { size: 17, color: colours.strong, names }))]),
    ...(embed.description === undefined ? [] : [drawText(embed.description, { size: 15, color: colours.text, names })]),
    ...(embed.fields === undefined || embed.fields.length === 0
      ? []
      : [row({ flexWrap: "wrap", width }, ...embed.fields.map((field) => drawField(field, names)))]),
    ...(picture === undefined ? [] : [drawFile(picture, width)]),
    ...(foot === "" ? [] : [row({ fontSize: 12, color: colours.muted, marginTop: 8 }, foot)]),
  );
}
