import type { APIActionRowComponent, APIComponentInMessageActionRow, APIEmbed } from "discord-api-types/v10";
import { createHash } from "node:crypto";
import type { AnswerFile } from "../answer.ts";

/** What a message shows. */
export interface MessageContent {
  content: string;
  embeds: APIEmbed[];
  components: APIActionRowComponent<APIComponentInMessageActionRow>[];
  files: AnswerFile[];
}

/** A message of words. */
export function words(content: string, more: Partial<Omit<MessageContent, "content">> = {}): MessageContent {
  return { embeds: [], components: [], files: [], ...more, content };
}

/** Tells two contents apart. */
export function fingerprint({ files, ...rest }: MessageContent): string {
  const hash = createHash("sha256").update(JSON.stringify(rest));
  for (const { name, content } of files) hash.update(name).update(content);
  return hash.digest("hex").slice(0, 16);
}
