import type { APIEmbed, APIMessageTopLevelComponent } from "discord-api-types/v10";
import type { MessageRecord } from "../world/message-record.ts";
import { tellMessage } from "../world/tell-message.ts";
import type { World } from "../world/world.ts";
import { checkMessage } from "./check-message.ts";
import { keepFiles } from "./keep-files.ts";
import type { RequestBody } from "./read-request.ts";

/** What an edit may change; what it leaves out stays. */
export interface MessageChange {
  content?: string | null | undefined;
  embeds?: APIEmbed[] | null | undefined;
  components?: APIMessageTopLevelComponent[] | null | undefined;
  /** Files that stay (by id); left out: all stay. */
  attachments?: { id: string | number }[] | null | undefined;
}

/** Changes a message in place, keeps what it said before, and tells of it. A deferred answer becomes one. */
export function editMessage(world: World, message: MessageRecord, change: MessageChange, upload: RequestBody): MessageRecord {
  const kept = change.attachments;
  const stay = kept ? message.files.filter(({ id }) => kept.some((each) => String(each.id) === id)) : message.files;
  const content = change.content === undefined ? message.content : (change.content ?? "");
  const embeds = change.embeds === undefined ? message.embeds : (change.embeds ?? []);
  const components = change.components === undefined ? message.components : (change.components ?? []);
  checkMessage({ content, embeds, components, fileCount: stay.length + upload.files.size });
  if (!message.isPending) {
    message.earlier.push({ content: message.content, embeds: message.embeds });
    message.editedAt = world.now();
  }
  message.isPending = false;
  message.content = content;
  message.embeds = embeds;
  message.components = components;
  message.files = [...stay, ...keepFiles(world, upload)];
  tellMessage(world, "MESSAGE_UPDATE", message);
  return message;
}
