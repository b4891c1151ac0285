import { ComponentType, type APIEmbed, type APIMessageTopLevelComponent } from "discord-api-types/v10";
import { discordErrors } from "./discord-error.ts";

/** What a message may hold, beyond what its schema says. */
export interface CheckedMessage {
  content?: string | null | undefined;
  embeds?: APIEmbed[] | null | undefined;
  components?: APIMessageTopLevelComponent[] | null | undefined;
  fileCount: number;
}

const mostContent = 2000;
const mostEmbedText = 6000;
const mostInRow = 5;
const mostRows = 5;

function embedText(embed: APIEmbed): number {
  const fields = embed.fields?.reduce((sum, { name, value }) => sum + name.length + value.length, 0) ?? 0;
  return (
    fields +
    (embed.title?.length ?? 0) +
    (embed.description?.length ?? 0) +
    (embed.footer?.text.length ?? 0) +
    (embed.author?.name.length ?? 0)
  );
}

function checkComponents(components: APIMessageTopLevelComponent[]): void {
  const rows = components.filter(({ type }) => type === ComponentType.ActionRow);
  if (rows.length > mostRows)
    throw discordErrors.badBody(["components"], "BASE_TYPE_BAD_LENGTH", `Must be ${mostRows} or fewer in length.`);
  const ids: string[] = [];
  for (const [index, row] of components.entries()) {
    if (row.type !== ComponentType.ActionRow) continue;
    const buttons = row.components.filter(({ type }) => type === ComponentType.Button).length;
    if (buttons > mostInRow || (buttons !== row.components.length && row.components.length !== 1))
      throw discordErrors.badBody(
        ["components", index],
        "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
        "The specified component exceeds the maximum width",
      );
    for (const [place, component] of row.components.entries()) {
      const path = ["components", index, "components", place];
      if (
        component.type === ComponentType.Button &&
        !("label" in component && component.label) &&
        !("emoji" in component && component.emoji)
      )
        throw discordErrors.badBody(path, "BUTTON_COMPONENT_INVALID_LABEL", "A button needs a label or an emoji");
      if (component.type === ComponentType.Button && "url" in component === "custom_id" in component)
        throw discordErrors.badBody(path, "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id or a url is required");
      if ("custom_id" in component) ids.push(component.custom_id);
    }
  }
  if (new Set(ids).size !== ids.length)
    throw discordErrors.badBody(["components"], "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
}

/** Length limits and layout; a message with nothing in it is refused. */
export function checkMessage({ content, embeds, components, fileCount }: CheckedMessage): void {
  if ((content?.length ?? 0) > mostContent)
    throw discordErrors.badBody(["content"], "BASE_TYPE_MAX_LENGTH", `Must be ${mostContent} or fewer in length.`);
  for (const [index, embed] of (embeds ?? []).entries())
    if (embedText(embed) === 0 && !embed.image && !embed.thumbnail)
      throw discordErrors.badBody(["embeds", index, "description"], "BASE_TYPE_REQUIRED", "This field is required");
  const text = (embeds ?? []).reduce((sum, embed) => sum + embedText(embed), 0);
  if (text > mostEmbedText)
    throw discordErrors.badBody(["embeds"], "MAX_EMBED_SIZE_EXCEEDED", `Embed size exceeds maximum size of ${mostEmbedText}`);
  checkComponents(components ?? []);
  const isEmpty = !content?.trim() && !embeds?.length && !components?.length && fileCount === 0;
  if (isEmpty) throw discordErrors.emptyMessage();
}
