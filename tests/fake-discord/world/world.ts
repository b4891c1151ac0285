import type { APIApplicationCommand } from "discord-api-types/v10";
import type { FakeChannel, FakeDiscordOptions, FakeFile, FakeGuild, FakeRequest } from "../driver.ts";
import type { InteractionRecord } from "./interaction-record.ts";
import type { MessageRecord } from "./message-record.ts";
import { createSnowflakes } from "./snowflakes.ts";

/** A person or the bot. */
export interface UserRecord {
  id: string;
  name: string;
  isBot: boolean;
}

/** A guild with its members. */
export interface GuildRecord extends FakeGuild {
  ownerId: string;
  createdAt: Date;
  members: Map<string, { roleIds: Set<string>; joinedAt: Date }>;
}

/** Something that happened, for every session whose intents ask for it. */
export interface WorldEvent {
  type: string;
  /** The intent it needs; 0 for none. */
  intent: number;
  data: unknown;
  /** What a session without the message content intent gets instead. */
  withheld?: unknown;
}

/** All that the fake Discord knows. REST changes it, the driver changes it, the gateway tells of it. */
export class World {
  readonly now: () => Date;
  readonly snowflake: () => string;
  readonly token: string;
  readonly applicationId: string;
  readonly hasMessageContent: boolean;
  readonly hasMemberEvents: boolean;
  readonly bot: UserRecord;
  readonly users = new Map<string, UserRecord>();
  readonly guilds = new Map<string, GuildRecord>();
  readonly channels = new Map<string, FakeChannel>();
  readonly messages = new Map<string, MessageRecord>();
  readonly interactions = new Map<string, InteractionRecord>();
  readonly files = new Map<string, FakeFile>();
  /** By guild id, `global` for the rest. */
  readonly commands = new Map<string, Map<string, APIApplicationCommand>>();
  readonly requests: FakeRequest[] = [];
  readonly typing: { channelId: string; atMs: number }[] = [];
  readonly faults: string[] = [];
  /** `http://127.0.0.1:PORT`. */
  origin = "";
  readonly #started = performance.now();
  readonly #listeners = new Set<(event: WorldEvent) => void>();
  readonly #watchers = new Set<() => void>();

  constructor({ now, token, messageContent, memberEvents, botName }: FakeDiscordOptions) {
    this.now = now ?? (() => new Date());
    this.snowflake = createSnowflakes(this.now);
    this.token = token ?? "fake.token.of-a-fake-discord";
    this.hasMessageContent = messageContent ?? true;
    this.hasMemberEvents = memberEvents ?? false;
    this.applicationId = this.snowflake();
    // An application's bot user has the application's id.
    this.bot = { id: this.applicationId, name: botName ?? "Temper", isBot: true };
    this.users.set(this.bot.id, this.bot);
  }

  /** Milliseconds since the start, by the machine's clock. */
  get elapsedMs(): number {
    return performance.now() - this.#started;
  }

  emit(event: WorldEvent): void {
    for (const listener of this.#listeners) listener(event);
    this.changed();
  }

  onEvent(listener: (event: WorldEvent) => void): void {
    this.#listeners.add(listener);
  }

  /** Lets everybody who waits look again. */
  changed(): void {
    for (const watcher of this.#watchers) watcher();
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  guildOf(channel: FakeChannel): GuildRecord | null {
    return channel.guildId === null ? null : (this.guilds.get(channel.guildId) ?? null);
  }

  channel(id: string): FakeChannel {
    const channel = this.channels.get(id);
    if (channel === undefined) throw new Error(`The fake Discord has no channel ${id}.`);
    return channel;
  }

  user(id: string): UserRecord {
    const user = this.users.get(id);
    if (user === undefined) throw new Error(`The fake Discord has no user ${id}.`);
    return user;
  }

  /** Messages of a channel that are still there, oldest first, whoever sees them. */
  messagesIn(channelId: string): MessageRecord[] {
    return [...this.messages.values()].filter((message) => message.channelId === channelId && !message.isRemoved);
  }

  /** The direct conversation of a person with the bot, made when there is none. */
  directOf(user: UserRecord): FakeChannel {
    const known = [...this.channels.values()].find(({ recipientId }) => recipientId === user.id);
    if (known !== undefined) return known;
    const channel = newChannel({ id: this.snowflake(), name: `@${user.name}`, kind: "dm", recipientId: user.id });
    this.channels.set(channel.id, channel);
    return channel;
  }
}

/** A channel with nothing special about it. */
export function newChannel(channel: Pick<FakeChannel, "id" | "name" | "kind"> & Partial<FakeChannel>): FakeChannel {
  return { guildId: null, parentId: null, recipientId: null, isArchived: false, members: new Set(), denied: 0n, ...channel };
}
