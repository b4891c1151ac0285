import { ButtonStyle, ComponentType, type APIActionRowComponent, type APIButtonComponent, type APIEmbed } from "discord-api-types/v10";
import type { Card } from "#src/card/card.ts";
import { formatCustomId } from "../interactions/custom-id.ts";
import { words, type MessageContent } from "../wire/message-content.ts";
import { escapeMarkdown } from "#src/explain/answer/escape-markdown.ts";
import { escapeLine } from "./escape.ts";

const styles = { primary: ButtonStyle.Primary, secondary: ButtonStyle.Secondary, danger: ButtonStyle.Danger } as const;
/** Blurple while it waits; green, grey or red once somebody or nobody decided. */
const colours = { open: 0x5865f2, decided: 0x3ba55d, expired: 0x747f8d, cancelled: 0x747f8d } as const;
/** What Discord shows of an embed at most, with room for marks. */
const longest = { title: 250, description: 3500, name: 250, value: 1000, footer: 2000, fields: 25 } as const;
/** Of all text of an embed together Discord takes 6,000. */
const longestInAll = 5800;

interface CardPlace {
  /** Full id of the approval or proposal, for its buttons. */
  subject: string;
  /** Key of what is decided; empty where there is none. */
  key: string;
  /** The drawn graph. */
  picture: Buffer | null;
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1).replace(/\\+$/, "")}…` : text;
}

function buttonsOf(card: Card, { subject, key }: CardPlace): APIActionRowComponent<APIButtonComponent>[] {
  if (card.state !== "open" || card.buttons.length === 0) return [];
  const components = card.buttons.slice(0, 5).map(({ action, label, style }): APIButtonComponent => ({
    type: ComponentType.Button,
    style: styles[style],
    label: cut(label, 80),
    custom_id: formatCustomId({ action, subject, key }),
  }));
  return [{ type: ComponentType.ActionRow, components }];
}

function fieldsOf(card: Card): { name: string; value: string; inline: boolean }[] {
  const fields = card.fields.slice(0, longest.fields - 1).map(({ name, value }) => ({
    name: cut(escapeLine(name), longest.name),
    value: cut(escapeMarkdown(value === "" ? "–" : value), longest.value),
    inline: false,
  }));
  if (card.expiresAt !== null && card.state === "open") {
    const seconds = Math.floor(Date.parse(card.expiresAt) / 1000);
    fields.push({ name: "Expires", value: `<t:${seconds}:R>, <t:${seconds}:f>`, inline: false });
  }
  return fields;
}

/** Shortens the last fields until all of it fits. */
function fit(embed: APIEmbed): APIEmbed {
  const rest = (embed.title?.length ?? 0) + (embed.description?.length ?? 0) + (embed.footer?.text.length ?? 0);
  let room = longestInAll - rest;
  const fields = (embed.fields ?? []).flatMap((field) => {
    const length = field.name.length + field.value.length;
    if (room < field.name.length + 20) return [];
    const value = cut(field.value, Math.max(1, room - field.name.length));
    room -= length;
    return [{ ...field, value }];
  });
  return { ...embed, fields };
}

/** A card as a message: an embed with what stands on it, and its buttons while it is open. */
export function renderCard(card: Card, place: CardPlace): MessageContent {
  const outcome = card.outcome === null ? "" : `\n\n**${escapeMarkdown(card.outcome)}**`;
  const embed: APIEmbed = {
    title: cut(escapeLine(card.title, longest.title), longest.title),
    description: `${cut(escapeMarkdown(card.text), longest.description)}${cut(outcome, 500)}`,
    color: colours[card.state],
    fields: fieldsOf(card),
    footer: { text: cut([card.footer, place.subject].filter((part) => part !== null && part !== "").join(" · "), longest.footer) },
    ...(place.picture === null ? {} : { image: { url: "attachment://card.png" } }),
  };
  const files = place.picture === null ? [] : [{ name: "card.png", content: place.picture }];
  return words("", { embeds: [fit(embed)], components: buttonsOf(card, place), files });
}
