import type { Client } from "discord.js";
import type { Run, Store } from "#src/store/store.ts";
import { platform } from "./keeper/board.ts";
import type { People } from "./people.ts";
import { storeWithin } from "./store-within.ts";
import { isGone } from "./wire/discord-fault.ts";

interface RunGuildsOptions {
  store: Store;
  client: Client;
  people: People;
  /** Guild of the runs that were not started in Discord. */
  home: string | null;
}

/**
 * In which server each run lives. A role in one server gives nothing in another: runs of the others are not shown there, and
 * nobody there decides for them.
 */
export class RunGuilds {
  readonly #options: RunGuildsOptions;
  /** A run stays in its server, so what was found once holds. */
  readonly #known = new Map<string, string>();

  constructor(options: RunGuildsOptions) {
    this.#options = options;
  }

  /** The store as people see it whose role holds in these guilds. */
  within(guilds: readonly string[]): Store {
    return storeWithin(this.#options.store, async ({ id }) => this.#isAmong(guilds, await this.of(id)));
  }

  /** True when what a card is about belongs to one of these guilds; unknown subjects belong to none. */
  async reaches(guilds: readonly string[], subject: string): Promise<boolean> {
    const { store } = this.#options;
    const runId = (await store.approvals.find(subject))?.runId ?? (await store.proposals.find(subject))?.runId ?? null;
    if (runId !== null) return this.#isAmong(guilds, await this.of(runId));
    const shown = await store.messages.find(platform, "proposal", subject);
    return shown !== null && this.#isAmong(guilds, await this.ofChannel(shown.channel));
  }

  /** The guild of a run: that of its thread, else of the plan that it was started by, else the home. */
  async of(runId: Run["id"]): Promise<string | null> {
    const known = this.#known.get(runId);
    if (known !== undefined) return known;
    const { messages } = this.#options.store;
    const thread = await messages.find(platform, "thread", runId);
    if (thread?.guild != null) {
      this.#known.set(runId, thread.guild);
      return thread.guild;
    }
    const place = thread ?? (await messages.list(platform, "proposal")).find((plan) => plan.runId === runId) ?? null;
    return place === null ? this.#options.home : this.ofChannel(place.channel);
  }

  /** The guild of a channel; of a direct conversation, the one in which its person has the strongest role. */
  async ofChannel(id: string): Promise<string | null> {
    const { client, people, home } = this.#options;
    const channel = await client.channels.fetch(id).catch((error: unknown) => {
      if (isGone(error)) return null;
      throw error;
    });
    if (channel === null) return home;
    if (!channel.isDMBased()) return channel.guildId;
    const person = "recipientId" in channel ? await client.users.fetch(channel.recipientId) : null;
    return (person === null ? null : await people.strongestGuild(person)) ?? home;
  }

  #isAmong(guilds: readonly string[], guild: string | null): boolean {
    return guild !== null && guilds.includes(guild);
  }
}
