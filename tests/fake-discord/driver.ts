import type { APIEmbed, APIInteraction, APIMessage } from "discord-api-types/v10";

/** What a fake Discord is set up with. */
export interface FakeDiscordOptions {
  /**
   * The clock of timestamps and of the deadlines of interactions (3 s, 15 min); the machine's by default. A test on a busy
   * machine hands in one of its own, so that nothing is late unless it says so.
   */
  now?: () => Date;
  /** Whether the application was given the message content intent in the developer portal. Default: true. */
  messageContent?: boolean;
  /** Whether it was given the server members intent: without it, asking for member events closes the gateway. Default: false. */
  memberEvents?: boolean;
  /** How often the client is asked to show that it lives. Default: Discord's 41,250 ms. */
  heartbeatIntervalMs?: number;
  /** Keeps Discord's own limit of 5 messages or edits per 5 seconds and channel, by the machine's clock. Default: false. */
  limitsMessages?: boolean;
  /** The token that the bot must show. */
  token?: string;
  /** The bot's user name. Default: `Temper`. */
  botName?: string;
}

/** A role of a guild. */
export interface FakeRole {
  id: string;
  name: string;
  permissions: bigint;
}

/** Where messages stand: a text channel, a thread in one, or a direct conversation with the bot. */
export interface FakeChannel {
  id: string;
  name: string;
  kind: "text" | "thread" | "dm";
  /** null for a direct conversation. */
  guildId: string | null;
  /** The text channel of a thread. */
  parentId: string | null;
  /** The person of a direct conversation. */
  recipientId: string | null;
  isArchived: boolean;
  /** Threads: who has joined (user ids). */
  members: Set<string>;
  /** What the bot may not do here; empty by default. Channel permissions are checked on every request. */
  denied: bigint;
}

/** A server with its roles and channels. The bot is a member with a role of its own. */
export interface FakeGuild {
  id: string;
  name: string;
  roles: FakeRole[];
  /** By name; throws when there is none. */
  role(name: string): FakeRole;
  /** A text channel or a thread by name; throws when there is none. */
  channel(name: string): FakeChannel;
}

/** A button as people see it. */
export interface FakeButton {
  label: string;
  style: "primary" | "secondary" | "success" | "danger" | "link";
  customId: string | null;
  url: string | null;
  isDisabled: boolean;
}

/** A select menu as people see it. */
export interface FakeSelect {
  customId: string;
  placeholder: string | null;
  options: { label: string; value: string; description: string | null }[];
  isDisabled: boolean;
}

/** A file as it was uploaded. */
export interface FakeFile {
  id: string;
  name: string;
  contentType: string;
  bytes: Buffer;
}

/** A message as it stands now: edits change it in place. */
export interface FakeMessage {
  id: string;
  channelId: string;
  guildId: string | null;
  author: { id: string; name: string; isBot: boolean };
  content: string;
  embeds: APIEmbed[];
  /** Action rows as they were sent. */
  components: NonNullable<APIMessage["components"]>;
  buttons: FakeButton[];
  selects: FakeSelect[];
  files: FakeFile[];
  /** The only person who sees it, or null when everyone in the channel does. */
  ephemeralFor: string | null;
  /** "Temper is thinking…": a deferred answer that has no content yet. */
  isPending: boolean;
  nonce: string | null;
  replyToId: string | null;
  /** The interaction it answers. */
  interactionId: string | null;
  /** Ids of the users and roles that it pinged, `everyone` among them. */
  pinged: string[];
  sentAt: Date;
  editedAt: Date | null;
  /** What it said before each edit, oldest first. */
  earlier: { content: string; embeds: APIEmbed[] }[];
  reactions: { emoji: string; userIds: string[] }[];
  isRemoved: boolean;
}

/** A modal that the bot opened for a person. */
export interface FakeModal {
  customId: string;
  title: string;
  fields: {
    customId: string;
    label: string;
    value: string;
    isRequired: boolean;
    maxLength: number | null;
    style: "short" | "paragraph";
    /** The component's id in the modal's payload: where the answer goes. */
    isLabelled: boolean;
  }[];
  /** The interaction that it answered. */
  interactionId: string;
}

/** How the bot answered an interaction first. */
export type FakeAcknowledgement = "message" | "deferred-message" | "update" | "deferred-update" | "modal" | "choices";

/** One interaction and what came of it; changes as the bot answers. */
export interface FakeInteraction {
  id: string;
  token: string;
  /** `/run start`, `click Approve`, `submit Reject`, … */
  what: string;
  userId: string;
  channelId: string;
  /** null until the bot acknowledged. */
  acknowledgement: FakeAcknowledgement | null;
  /** From the moment it was sent to the acknowledgement, by the machine's clock, in milliseconds. */
  acknowledgedAfterMs: number | null;
  /** True when 3 seconds passed without an acknowledgement: the person saw "This interaction failed". */
  hasFailed: boolean;
  modal: FakeModal | null;
  choices: { name: string; value: string | number }[];
  /** The original answer and the follow-ups, in order, also removed ones. */
  messages: FakeMessage[];
}

export type FakeOptionValue = string | number | boolean | { file: string; content: string | Buffer };

/** A person in Discord. */
export interface FakeUser {
  id: string;
  name: string;
  /** Names of the roles in a guild (the first one by default). */
  roles(guild?: FakeGuild): string[];
  /** Changes roles; the bot hears of it (GUILD_MEMBER_UPDATE, with the intent) and sees it in the next interaction. */
  giveRole(name: string, guild?: FakeGuild): void;
  takeRole(name: string, guild?: FakeGuild): void;
  /** Types `/run start`; answers once the bot acknowledged or the 3 seconds are over. Fails when the bot has no such command or option. */
  slash(command: string, options?: Record<string, FakeOptionValue>, where?: { channel?: FakeChannel }): Promise<FakeInteraction>;
  /** Types into an option of a command and gets what is offered. `options` holds what is filled in, the focused one too. */
  autocomplete(
    command: string,
    options: Record<string, string | number | boolean>,
    focused: string,
    where?: { channel?: FakeChannel },
  ): Promise<{ name: string; value: string | number }[]>;
  /** Writes a message; `mention` puts the bot's mention before the text; a reply pings its author as Discord does. */
  say(
    channel: FakeChannel,
    text: string,
    more?: { replyTo?: FakeMessage; mention?: boolean; files?: { name: string; content: string | Buffer }[] },
  ): Promise<FakeMessage>;
  /** Writes to the bot directly. */
  dm(text: string, more?: { replyTo?: FakeMessage; files?: { name: string; content: string | Buffer }[] }): Promise<FakeMessage>;
  /** The direct conversation with the bot. */
  readonly direct: FakeChannel;
  edit(message: FakeMessage, text: string): Promise<void>;
  remove(message: FakeMessage): Promise<void>;
  /** Clicks the button with this label; fails when there is none, or it is disabled. */
  click(message: FakeMessage, label: string): Promise<FakeInteraction>;
  /** Chooses values (or labels) of the message's only select menu, or of the one with this custom id. */
  choose(message: FakeMessage, values: string[], customId?: string): Promise<FakeInteraction>;
  /** Fills in fields (by label or custom id; others keep their value) and submits. */
  submit(modal: FakeModal, fields?: Record<string, string>): Promise<FakeInteraction>;
  /** Sends an interaction whose parts the attacker chose: a click on a button that is not there, in a channel or guild of choice. */
  forge(click: { customId: string; message: FakeMessage; channel?: FakeChannel; guild?: FakeGuild | null }): Promise<FakeInteraction>;
  /** Messages that this person sees in a channel, ephemeral ones among them, removed ones left out. */
  sees(channel: FakeChannel): FakeMessage[];
}

/** A request that the bot sent. */
export interface FakeRequest {
  method: string;
  /** `/channels/:id/messages/:id`. */
  route: string;
  /** As it was sent. */
  path: string;
  body: unknown;
  status: number;
  /** By the machine's clock, in milliseconds since the start. */
  atMs: number;
}

/** A Discord to test against: gateway and REST on loopback for a real discord.js client, and a driver that plays the people. */
export interface FakeDiscord {
  /** `http://127.0.0.1:PORT/api`, for `new Client({ rest: { api } })`. */
  readonly api: string;
  readonly token: string;
  readonly applicationId: string;
  readonly bot: { id: string; name: string };
  /** Makes a guild that the bot is in; the bot hears of it. `roles` may carry permissions (`{ name, permissions }`). */
  guild(setup: {
    name: string;
    roles?: (string | { name: string; permissions: bigint })[];
    channels?: string[];
    /** What the bot may do; by default what its documentation asks for and nothing more. */
    botPermissions?: bigint;
  }): FakeGuild;
  /** Makes a person who is a member of the guild (the first by default; null: of none) with these roles. */
  user(setup: { name: string; roles?: string[]; guild?: FakeGuild | null }): FakeUser;
  /** Adds a member to another guild. */
  join(user: FakeUser, guild: FakeGuild, roles?: string[]): void;
  /** Messages of a channel that everybody sees, oldest first, removed ones left out. */
  messages(channel: FakeChannel): FakeMessage[];
  /** Threads of a channel, oldest first. */
  threads(channel: FakeChannel): FakeChannel[];
  /** A message by id as it stands now, removed or not; throws when there never was one. */
  message(id: string): FakeMessage;
  /** Somebody who manages messages deletes one, whoever wrote it. */
  removeMessage(message: FakeMessage): void;
  removeChannel(channel: FakeChannel): void;
  /** Every interaction so far, with the latency of its acknowledgement. */
  readonly interactions: FakeInteraction[];
  /** Every request so far. */
  readonly requests: FakeRequest[];
  /** How often the bot showed "typing…", by channel id. */
  readonly typing: { channelId: string; atMs: number }[];
  /** Application commands that are registered, global and of guilds. */
  commands(guild?: FakeGuild): { id: string; name: string; description: string }[];
  /**
   * What the bot sent that Discord would not have taken, with the answer it got: wrong shapes, too long, double
   * acknowledgement. `close` throws when any is left; a test that wants one takes it.
   */
  readonly faults: string[];
  takeFaults(): string[];
  /** Waits until the condition gives something (not undefined, null or false); throws with `what` after the time-out (default 15 s). */
  until<T>(what: string, condition: () => T | undefined | null | false, timeoutMs?: number): Promise<T>;
  /** Answers the next `times` requests of a route (`POST /channels/:id/messages`, or `*`) with 429; `isGlobal` blocks all routes. */
  limit(route: string, times: number, retryAfterSeconds: number, isGlobal?: boolean): void;
  /** Answers the next `times` requests of a route with this HTTP status (500, 503, …). */
  breakRoute(route: string, times: number, status: number): void;
  /** Cuts the gateway's sockets. `resumable: false` forgets the session too, so that the bot must identify again. */
  drop(how?: { resumable?: boolean }): void;
  /** Asks the bot to reconnect (op 7), or invalidates its session (op 9). */
  reconnect(): void;
  invalidate(resumable: boolean): void;
  /** Sends the last `count` dispatched events once more, as Discord does at times after a resume. */
  repeatEvents(count: number): void;
  /** Dispatches an interaction as it is written, whatever it holds. */
  sendRaw(interaction: APIInteraction): Promise<FakeInteraction>;
  /** The sessions that have a socket now, and how often the bot identified, resumed and showed that it lives. */
  readonly connected: number;
  readonly counts: { identified: number; resumed: number; heartbeats: number };
  /** A PNG of a message as people see it, in Discord's dark look. */
  picture(message: FakeMessage | FakeMessage[] | FakeModal): Promise<Buffer>;
  /** Everything said, by channel, as Markdown: for artefacts and for a person who wants to know what happened. */
  transcript(): string;
  /** Ends servers and sockets; throws when faults are left. */
  close(): Promise<void>;
}
