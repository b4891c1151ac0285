import { GatewayIntentBits, type APIInteraction } from "discord-api-types/v10";
import type { FakeChannel, FakeDiscord, FakeGuild, FakeInteraction, FakeMessage, FakeModal, FakeUser } from "./driver.ts";
import type { Gateway } from "./gateway/gateway.ts";
import { awaitAnswer } from "./people/send-interaction.ts";
import { Person } from "./people/person.ts";
import { drawPicture } from "./picture/draw-picture.ts";
import type { Limiter } from "./rest/limiter.ts";
import { writeTranscript } from "./transcript.ts";
import { InteractionRecord } from "./world/interaction-record.ts";
import { makeGuild, type GuildSetup } from "./world/make-guild.ts";
import type { MessageRecord } from "./world/message-record.ts";
import { presentGuildCreate } from "./world/present-guild.ts";
import { removeChannel } from "./world/remove-channel.ts";
import { tellMessage } from "./world/tell-message.ts";
import { until } from "./world/until.ts";
import type { World } from "./world/world.ts";

/** The driver's hold on a fake Discord. */
export class ControlledDiscord implements FakeDiscord {
  readonly #world: World;
  readonly #gateway: Gateway;
  readonly #limiter: Limiter;
  readonly #end: () => Promise<void>;

  constructor(world: World, gateway: Gateway, limiter: Limiter, end: () => Promise<void>) {
    this.#world = world;
    this.#gateway = gateway;
    this.#limiter = limiter;
    this.#end = end;
  }

  get api(): string {
    return `${this.#world.origin}/api`;
  }
  get token(): string {
    return this.#world.token;
  }
  get applicationId(): string {
    return this.#world.applicationId;
  }
  get bot(): { id: string; name: string } {
    return this.#world.bot;
  }
  get interactions(): FakeInteraction[] {
    return [...this.#world.interactions.values()];
  }
  get requests() {
    return this.#world.requests;
  }
  get typing() {
    return this.#world.typing;
  }
  get faults(): string[] {
    return this.#world.faults;
  }
  get connected(): number {
    return this.#gateway.connected;
  }
  get counts() {
    return this.#gateway.counts;
  }

  guild(setup: GuildSetup): FakeGuild {
    const guild = makeGuild(this.#world, setup);
    this.#world.emit({ type: "GUILD_CREATE", intent: GatewayIntentBits.Guilds, data: presentGuildCreate(this.#world, guild) });
    return guild;
  }

  user({ name, roles = [], guild }: { name: string; roles?: string[]; guild?: FakeGuild | null }): FakeUser {
    const record = { id: this.#world.snowflake(), name, isBot: false };
    this.#world.users.set(record.id, record);
    const person = new Person(this.#world, record);
    const home = guild === undefined ? this.#world.guilds.values().next().value : guild;
    if (home) this.join(person, home, roles);
    return person;
  }

  join(user: FakeUser, guild: FakeGuild, roles: string[] = []): void {
    const roleIds = new Set(roles.map((name) => guild.role(name).id));
    this.#world.guilds.get(guild.id)?.members.set(user.id, { roleIds, joinedAt: this.#world.now() });
  }

  messages(channel: FakeChannel): MessageRecord[] {
    return this.#world.messagesIn(channel.id).filter(({ ephemeralFor }) => ephemeralFor === null);
  }

  threads(channel: FakeChannel): FakeChannel[] {
    return [...this.#world.channels.values()].filter(({ kind, parentId }) => kind === "thread" && parentId === channel.id);
  }

  message(id: string): MessageRecord {
    const message = this.#world.messages.get(id);
    if (message === undefined) throw new Error(`There never was a message ${id}.`);
    return message;
  }

  removeMessage({ id }: FakeMessage): void {
    const record = this.message(id);
    record.isRemoved = true;
    tellMessage(this.#world, "MESSAGE_DELETE", record);
  }

  removeChannel(channel: FakeChannel): void {
    removeChannel(this.#world, channel);
  }

  commands(guild?: FakeGuild): { id: string; name: string; description: string }[] {
    return [...(this.#world.commands.get(guild?.id ?? "global")?.values() ?? [])];
  }

  takeFaults(): string[] {
    return this.#world.faults.splice(0);
  }

  until<T>(what: string, condition: () => T | undefined | null | false, timeoutMs?: number): Promise<T> {
    return until(this.#world, what, condition, timeoutMs);
  }

  limit(route: string, times: number, retryAfterSeconds: number, isGlobal = false): void {
    this.#limiter.limit(route, times, retryAfterSeconds, isGlobal);
  }

  breakRoute(route: string, times: number, status: number): void {
    this.#limiter.breakRoute(route, times, status);
  }

  drop({ resumable = true }: { resumable?: boolean } = {}): void {
    this.#gateway.drop(resumable);
  }

  reconnect(): void {
    this.#gateway.reconnect();
  }

  invalidate(resumable: boolean): void {
    this.#gateway.invalidate(resumable);
  }

  repeatEvents(count: number): void {
    this.#gateway.repeat(count);
  }

  async sendRaw(interaction: APIInteraction): Promise<FakeInteraction> {
    const record = new InteractionRecord({
      id: interaction.id,
      token: interaction.token,
      type: interaction.type,
      what: "raw",
      userId: interaction.member?.user.id ?? interaction.user?.id ?? this.#world.bot.id,
      channelId: interaction.channel?.id ?? "",
      guildId: interaction.guild_id ?? null,
      source: interaction.message === undefined ? null : (this.#world.messages.get(interaction.message.id) ?? null),
      sentAt: this.#world.now(),
    });
    this.#world.interactions.set(record.id, record);
    this.#world.emit({ type: "INTERACTION_CREATE", intent: 0, data: interaction });
    return awaitAnswer(this.#world, record);
  }

  picture(what: FakeMessage | FakeMessage[] | FakeModal): Promise<Buffer> {
    return drawPicture(this.#world, what);
  }

  transcript(): string {
    return writeTranscript(this.#world);
  }

  async close(): Promise<void> {
    await this.#end();
    const faults = this.takeFaults();
    if (faults.length > 0) throw new Error(`The bot sent what Discord would not take:\n${faults.join("\n")}`);
  }
}
