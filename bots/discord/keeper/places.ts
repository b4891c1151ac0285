import { ChannelType, RESTJSONErrorCodes, type APIChannel } from "discord-api-types/v10";
import type { ShownMessage } from "#src/store/messages.ts";
import type { Run, Store } from "#src/store/store.ts";
import { escapeMarkdown } from "#src/explain/answer/escape-markdown.ts";
import { isFault, isGone } from "../wire/discord-fault.ts";
import { words } from "../wire/message-content.ts";
import { nonceOf } from "../wire/nonce.ts";
import type { Wire } from "../wire/wire.ts";
import { platform } from "./board.ts";

interface PlacesOptions {
  store: Store;
  wire: Wire;
  /** Where runs of a guild live that have no other place (null: runs that were not started in Discord); null = they are not shown. */
  homeChannel: (guild: string | null) => string | null;
  /** The guild that a channel belongs to. */
  guildOf: (channel: string) => Promise<string | null>;
}

/** Where a run is to live, before its thread is open. */
interface Origin {
  channel: string;
  /** A message that can carry the thread; null = one is posted. */
  message: string | null;
}

const canHaveThreads = new Set<ChannelType>([ChannelType.GuildText, ChannelType.GuildAnnouncement]);

/** Where runs live: each in a thread of its own, opened once. */
export class Places {
  readonly #options: PlacesOptions;

  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  /** The channel of a run, opened the first time; null where there is none, or it was deleted. */
  async ofRun(run: Run): Promise<ShownMessage | null> {
    const { messages } = this.#options.store;
    const known = await messages.find(platform, "thread", run.id);
    if (known?.state === "gone") return this.#moveHome(run, known);
    if (known !== null && known.message !== null) return known;
    const origin = known === null ? await this.#originOf(run) : { channel: known.channel, message: null };
    if (origin === null) return null;
    const row = known ?? (await this.#reserve(run, origin.channel));
    return this.#open(run, row, (await this.#originOf(run)) ?? origin);
  }

  /** Looks whether a channel is still there; what stood in one that is gone is let go of. */
  async check(channel: string): Promise<void> {
    try {
      await this.#options.wire.channel(channel);
    } catch (error) {
      if (!isGone(error)) throw error;
      await this.#options.store.messages.closeChannel(platform, channel);
    }
  }

  /** The channel of a run was deleted: it lives in its guild's home channel from now on, once; where that is gone too, nowhere. */
  async #moveHome(run: Run, row: ShownMessage): Promise<ShownMessage | null> {
    const { store } = this.#options;
    const homeChannel = this.#options.homeChannel(row.guild);
    if (homeChannel === null || run.endedAt !== null || row.nonce === nonceOf("thread", run.id, homeChannel, 1)) return null;
    const moved = { channel: homeChannel, nonce: nonceOf("thread", run.id, homeChannel, 1), message: null, state: "open" } as const;
    await store.messages.update(row, moved);
    return this.#open(run, { ...row, ...moved }, { channel: homeChannel, message: null });
  }

  #reserve(run: Run, channel: string): Promise<ShownMessage> {
    const nonce = nonceOf("thread", run.id, channel);
    return this.#options.store.messages.reserve({ platform, kind: "thread", subject: run.id, runId: run.id, channel, nonce });
  }

  /** The card by which it was started, else the home channel. */
  async #originOf(run: Run): Promise<Origin | null> {
    const plans = await this.#options.store.messages.list(platform, "proposal");
    const plan = plans.find(({ runId, message, state }) => runId === run.id && message !== null && state !== "gone");
    if (plan !== undefined) return { channel: plan.channel, message: plan.message };
    const homeChannel = this.#options.homeChannel(null);
    return homeChannel === null ? null : { channel: homeChannel, message: null };
  }

  async #open(run: Run, row: ShownMessage, origin: Origin): Promise<ShownMessage | null> {
    const { store, guildOf } = this.#options;
    try {
      const { channel, message } = await this.#openIn(run, row, origin);
      const guild = await guildOf(origin.channel);
      await store.messages.update(row, { channel, message, guild });
      return { ...row, channel, message, guild };
    } catch (error) {
      if (!isGone(error)) throw error;
      await store.messages.update(row, { state: "gone" });
      return null;
    }
  }

  async #openIn(run: Run, row: ShownMessage, origin: Origin): Promise<{ channel: string; message: string }> {
    const { wire } = this.#options;
    const parent: APIChannel = await wire.channel(origin.channel);
    const post = () => wire.post(origin.channel, words(`Run **${escapeMarkdown(run.name)}** goes on here.`), { nonce: row.nonce });
    const message = origin.message ?? (await post());
    if (!canHaveThreads.has(parent.type)) return { channel: origin.channel, message };
    try {
      return { channel: await wire.openThread(origin.channel, message, run.name), message };
    } catch (error) {
      // Where it may not open threads, the run lives in the channel itself.
      if (!isFault(error, RESTJSONErrorCodes.MissingPermissions)) throw error;
      return { channel: origin.channel, message };
    }
  }
}
