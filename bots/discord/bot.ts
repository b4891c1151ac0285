import { once } from "node:events";
import { DiscordjsErrorCodes, Events, type Client, type Message } from "discord.js";
import type { Chat } from "#graphs/chat/chat.ts";
import { EnvironmentError } from "#src/errors.ts";
import type { JobLogger } from "#tools/job-context.ts";
import type { CardSource } from "./card-source.ts";
import { commands } from "./commands/commands.ts";
import { createClient } from "./create-client.ts";
import { deployCommands } from "./deploy-commands.ts";
import type { Desk } from "./desk.ts";
import { CardActions } from "./interactions/card-actions.ts";
import { Interactions } from "./interactions/interactions.ts";
import { Board, platform } from "./keeper/board.ts";
import { CardShow } from "./keeper/card-show.ts";
import { Keeper } from "./keeper/keeper.ts";
import { Places } from "./keeper/places.ts";
import { People, type RoleOf } from "./people.ts";
import { RunGuilds } from "./run-guilds.ts";
import { isLaterPiece, Talk } from "./talk/talk.ts";
import { Wire } from "./wire/wire.ts";

/** What the bot stands on. */
export interface BotOptions {
  desk: Omit<Desk, "wake">;
  token: string;
  chat: Chat;
  source: CardSource;
  roleOf: RoleOf;
  /** Guilds that the owner's settings name; the bot says nothing in others. */
  guilds: readonly string[];
  /** Channel, by id or name, where runs live that were not started in Discord; by guild. */
  homeChannels: readonly { guild: string; channel: string }[];
  freeTalk: boolean;
  log: JobLogger;
  /** Where Discord's API is, in tests. */
  api: string | undefined;
}

/** Temper in Discord: a member that is talked to, shows runs, and asks before it spends. */
export class DiscordBot {
  readonly #options: BotOptions;
  readonly #client: Client;
  readonly #board: Board;
  readonly #keeper: Keeper;
  readonly #talk: Talk;
  readonly #interactions: Interactions;
  readonly #end = new AbortController();
  #kept: Promise<void> = Promise.resolve();

  constructor(options: BotOptions) {
    this.#options = options;
    const { log, chat, source, roleOf, guilds, freeTalk, api } = options;
    this.#client = createClient({ freeTalk, api });
    const self = () => this.#client.user?.id ?? "";
    const desk: Desk = { ...options.desk, wake: () => this.#keeper.wake() };
    const wire = new Wire(this.#client.rest);
    this.#board = new Board({ store: desk.store, wire, self, now: desk.now });
    const people = new People({ client: this.#client, guilds, roleOf });
    const home = options.homeChannels[0]?.guild ?? guilds[0] ?? null;
    const runGuilds = new RunGuilds({ store: desk.store, client: this.#client, people, home });
    const places = new Places({
      store: desk.store,
      wire,
      homeChannel: (guild) => this.#homeChannel(guild),
      guildOf: (channel) => runGuilds.ofChannel(channel),
    });
    const cards = new CardShow({ desk, board: this.#board, source });
    this.#keeper = new Keeper({ desk, board: this.#board, places, cards, log });
    this.#talk = new Talk({ desk, chat, board: this.#board, cards, people, runGuilds, wire, log, freeTalk, self });
    const actions = new CardActions({ desk, source, cards, runGuilds });
    this.#interactions = new Interactions({ desk, people, runGuilds, cards, actions, log });
  }

  /** Connects, brings commands up to date by difference, and keeps the messages until it is closed. */
  async start(): Promise<void> {
    const { log, token } = this.#options;
    const client = this.#client;
    client.on(Events.InteractionCreate, (interaction) => void this.#interactions.on(interaction));
    client.on(Events.MessageCreate, (message) => void this.#hear(message));
    client.on(Events.MessageDelete, ({ id }) => void this.#lose([id]));
    client.on(Events.MessageBulkDelete, (messages) => void this.#lose([...messages.keys()]));
    client.on(Events.ChannelDelete, (channel) => void this.#forget(channel.id));
    client.on(Events.ThreadDelete, (thread) => void this.#forget(thread.id));
    client.on(Events.Error, (error) => log.warn({ error }, "Discord's connection has a fault; it is made anew."));
    client.on(Events.ShardDisconnect, (event) => log.warn({ code: event.code }, "Discord closed the connection for good."));
    const ready = once(client, Events.ClientReady);
    await this.#login(token);
    await ready;
    const application = client.application?.id ?? "";
    const deployed = await deployCommands(
      client.rest,
      application,
      commands.map(({ definition }) => definition),
    );
    log.info({ ...deployed, guilds: client.guilds.cache.size }, "Discord is connected.");
    await this.#findLost();
    this.#kept = this.#keeper.run(this.#end.signal);
    await this.#answerLeft();
  }

  async #login(token: string): Promise<void> {
    try {
      await this.#client.login(token);
    } catch (error) {
      const isRefused = error instanceof Error && "code" in error && error.code === DiscordjsErrorCodes.TokenInvalid;
      if (!isRefused) throw error;
      throw new EnvironmentError("Discord refuses the token. Make a new one in the developer portal (Bot, Reset Token), and put it there.");
    }
  }

  /** Stops answering; what is being written is finished. */
  async close(): Promise<void> {
    this.#end.abort();
    await this.#kept;
    await this.#client.destroy();
  }

  /** The home channel of a guild, where it is there; for no guild the first of all. */
  #homeChannel(wanted: string | null): string | null {
    for (const { guild, channel: name } of this.#options.homeChannels) {
      if (wanted !== null && wanted !== guild) continue;
      const channels = this.#client.guilds.cache.get(guild)?.channels.cache;
      const found = channels?.find((channel) => channel.id === name || channel.name === name);
      if (found !== undefined) return found.id;
    }
    return null;
  }

  #hear(message: Message): Promise<void> {
    return this.#answer(message.channelId, () => this.#talk.on(message));
  }

  async #answer(channel: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.log.warn({ error, channel }, "A message could not be answered.");
    }
  }

  /** Deleted messages: a question among them is asked again. */
  async #lose(ids: readonly string[]): Promise<void> {
    try {
      for (const id of ids) await this.#board.lost(id);
    } catch (error) {
      this.#options.log.warn({ error }, "A deleted message could not be noted.");
    }
    this.#keeper.wake();
  }

  /** Questions that were deleted while no bot was there. */
  async #findLost(): Promise<void> {
    try {
      await this.#board.findLost();
    } catch (error) {
      this.#options.log.warn({ error }, "Whether cards were deleted meanwhile could not be found out.");
    }
  }

  async #forget(channel: string): Promise<void> {
    const { desk, log } = this.#options;
    try {
      await desk.store.messages.closeChannel(platform, channel);
    } catch (error) {
      log.warn({ error, channel }, "A deleted channel could not be noted.");
    }
    this.#keeper.wake();
  }

  /** Messages that a process which died had noted and not answered, or not to the end. */
  async #answerLeft(): Promise<void> {
    const { store } = this.#options.desk;
    for (const row of await store.messages.list(platform, "reply", "open")) {
      // Later messages of an answer come with its first one.
      if (isLaterPiece(row.subject)) continue;
      if (row.answer !== null) {
        void this.#answer(row.channel, () => this.#talk.goOn(row));
        continue;
      }
      try {
        const channel = await this.#client.channels.fetch(row.channel);
        if (channel?.isTextBased() !== true) continue;
        const message = await channel.messages.fetch({ message: row.subject, cache: false });
        void this.#hear(message);
      } catch (error) {
        this.#options.log.warn({ error, channel: row.channel }, "A message that was left unanswered is gone.");
        await store.messages.update(row, { state: "gone" });
      }
    }
  }
}
