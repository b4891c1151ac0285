import type { REST } from "discord.js";
import {
  RESTJSONErrorCodes,
  Routes,
  type APIChannel,
  type APIMessage,
  type RESTPatchAPIChannelMessageJSONBody,
  type RESTPostAPIChannelMessageJSONBody,
} from "discord-api-types/v10";
import { isFault } from "./discord-fault.ts";
import type { MessageContent } from "./message-content.ts";

/** Longest nonce that Discord takes. */
export const longestNonce = 25;
/** Messages of a channel that are looked through for one that may have been posted. */
const historyLength = 50;

interface PostOptions {
  nonce: string;
  /** The message that this one answers. */
  replyTo?: string;
}

/** Nobody is ever pinged by what Temper writes, whatever stands in it. */
const noMentions = { parse: [], replied_user: false };

/** What the bot does to channels and messages, by the channel routes: those work as long as the message is there. */
export class Wire {
  readonly #rest: REST;

  constructor(rest: REST) {
    this.#rest = rest;
  }

  /** Posts a message and gives its id. A repeat with the same nonce gives the first one's. */
  async post(channel: string, content: MessageContent, { nonce, replyTo }: PostOptions): Promise<string> {
    const { files, ...shown } = content;
    const body: RESTPostAPIChannelMessageJSONBody = {
      ...shown,
      nonce,
      enforce_nonce: true,
      allowed_mentions: noMentions,
      ...(replyTo === undefined ? {} : { message_reference: { message_id: replyTo, fail_if_not_exists: false } }),
      ...describeFiles(files),
    };
    const message = await this.#call<APIMessage>(() => this.#rest.post(Routes.channelMessages(channel), { body, files: attach(files) }));
    return message.id;
  }

  async edit(channel: string, message: string, content: MessageContent): Promise<void> {
    const { files, ...shown } = content;
    const body: RESTPatchAPIChannelMessageJSONBody = { ...shown, allowed_mentions: noMentions, ...describeFiles(files) };
    const patch = () => this.#call(() => this.#rest.patch(Routes.channelMessage(channel, message), { body, files: attach(files) }));
    try {
      await patch();
    } catch (error) {
      if (!isFault(error, RESTJSONErrorCodes.InvalidActionOnArchivedThread)) throw error;
      await this.#rest.patch(Routes.channel(channel), { body: { archived: false } });
      await patch();
    }
  }

  /** Opens the thread of a message; asked again, gives the one that is there: it has the message's id. */
  async openThread(channel: string, message: string, name: string): Promise<string> {
    try {
      const thread = await this.#call<APIChannel>(() =>
        this.#rest.post(Routes.threads(channel, message), { body: { name: name.slice(0, 100), auto_archive_duration: 10_080 } }),
      );
      return thread.id;
    } catch (error) {
      if (isFault(error, RESTJSONErrorCodes.ThreadAlreadyCreatedForMessage)) return message;
      throw error;
    }
  }

  channel(id: string): Promise<APIChannel> {
    return this.#call<APIChannel>(() => this.#rest.get(Routes.channel(id)));
  }

  message(channel: string, id: string): Promise<APIMessage> {
    return this.#call<APIMessage>(() => this.#rest.get(Routes.channelMessage(channel, id)));
  }

  /** The latest messages of a channel, newest first. */
  history(channel: string): Promise<APIMessage[]> {
    return this.#call<APIMessage[]>(() =>
      this.#rest.get(Routes.channelMessages(channel), { query: new URLSearchParams({ limit: String(historyLength) }) }),
    );
  }

  async react(channel: string, message: string, emoji: string): Promise<void> {
    await this.#rest.put(Routes.channelMessageOwnReaction(channel, message, encodeURIComponent(emoji)));
  }

  async typing(channel: string): Promise<void> {
    await this.#rest.post(Routes.channelTyping(channel));
  }

  /** What Discord answers has the form that its published types say. */
  async #call<T>(request: () => Promise<unknown>): Promise<T> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Discord's API is versioned, and its types are discord-api-types.
    return (await request()) as T;
  }
}

function describeFiles(files: MessageContent["files"]) {
  return { attachments: files.map(({ name }, index) => ({ id: String(index), filename: name })) };
}

function attach(files: MessageContent["files"]) {
  return files.map(({ name, content }) => ({ name, data: content }));
}
