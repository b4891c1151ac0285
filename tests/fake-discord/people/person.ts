import { ComponentType, GatewayIntentBits, InteractionType } from "discord-api-types/v10";
import type { FakeChannel, FakeGuild, FakeInteraction, FakeMessage, FakeModal, FakeOptionValue, FakeUser } from "../driver.ts";
import { presentMember } from "../world/present.ts";
import { presentMessage } from "../world/present-message.ts";
import { tellMessage } from "../world/tell-message.ts";
import type { MessageRecord } from "../world/message-record.ts";
import type { GuildRecord, UserRecord, World } from "../world/world.ts";
import { fillOptions } from "./fill-options.ts";
import { findCommand, type FoundCommand } from "./find-command.ts";
import { sendInteraction } from "./send-interaction.ts";
import { writeMessage, type MessageExtras } from "./write-message.ts";

/** A person whom a test plays. */
export class Person implements FakeUser {
  readonly #world: World;
  readonly #record: UserRecord;

  constructor(world: World, record: UserRecord) {
    this.#world = world;
    this.#record = record;
  }

  get id(): string {
    return this.#record.id;
  }
  get name(): string {
    return this.#record.name;
  }
  get direct(): FakeChannel {
    return this.#world.directOf(this.#record);
  }

  roles(guild?: FakeGuild): string[] {
    const { roles, members } = this.#guild(guild);
    return roles.filter(({ id }) => members.get(this.id)?.roleIds.has(id)).map(({ name }) => name);
  }

  giveRole(name: string, guild?: FakeGuild): void {
    this.#changeRoles(guild, (roleIds, id) => roleIds.add(id), name);
  }

  takeRole(name: string, guild?: FakeGuild): void {
    this.#changeRoles(guild, (roleIds, id) => roleIds.delete(id), name);
  }

  async slash(
    command: string,
    options: Record<string, FakeOptionValue> = {},
    where: { channel?: FakeChannel } = {},
  ): Promise<FakeInteraction> {
    return this.#command(InteractionType.ApplicationCommand, command, options, where.channel, null);
  }

  async autocomplete(
    command: string,
    options: Record<string, string | number | boolean>,
    focused: string,
    where: { channel?: FakeChannel } = {},
  ): Promise<{ name: string; value: string | number }[]> {
    const filled = { [focused]: "", ...options };
    return (await this.#command(InteractionType.ApplicationCommandAutocomplete, command, filled, where.channel, focused)).choices;
  }

  say(channel: FakeChannel, text: string, more: MessageExtras = {}): Promise<FakeMessage> {
    return Promise.resolve(writeMessage(this.#world, this.#record, channel, text, more));
  }

  dm(text: string, more: Omit<MessageExtras, "mention"> = {}): Promise<FakeMessage> {
    return this.say(this.direct, text, more);
  }

  edit(message: FakeMessage, text: string): Promise<void> {
    const record = this.#own(message);
    record.earlier.push({ content: record.content, embeds: record.embeds });
    record.content = text;
    record.editedAt = this.#world.now();
    tellMessage(this.#world, "MESSAGE_UPDATE", record);
    return Promise.resolve();
  }

  remove(message: FakeMessage): Promise<void> {
    const record = this.#own(message);
    record.isRemoved = true;
    tellMessage(this.#world, "MESSAGE_DELETE", record);
    return Promise.resolve();
  }

  async click(message: FakeMessage, label: string): Promise<FakeInteraction> {
    const button = message.buttons.find((each) => each.label === label);
    const there = message.buttons.map((each) => each.label).join(", ") || "none";
    if (button?.customId === undefined || button.customId === null)
      throw new Error(`There is no button "${label}" to click. There are: ${there}.`);
    if (button.isDisabled) throw new Error(`The button "${label}" is disabled.`);
    if (!this.sees(this.#world.channel(message.channelId)).some(({ id }) => id === message.id))
      throw new Error(`${this.name} does not see that message.`);
    const data = { component_type: ComponentType.Button, custom_id: button.customId };
    return this.#use(message, `click ${label}`, data);
  }

  async choose(message: FakeMessage, values: string[], customId?: string): Promise<FakeInteraction> {
    const select = message.selects.find((each) => customId === undefined || each.customId === customId);
    if (select === undefined) throw new Error("There is no such select menu in that message.");
    const chosen = values.map((value) => {
      const option = select.options.find((each) => each.value === value || each.label === value);
      if (option === undefined)
        throw new Error(`The menu does not offer "${value}". It offers: ${select.options.map(({ label }) => label).join(", ")}.`);
      return option.value;
    });
    const data = { component_type: ComponentType.StringSelect, custom_id: select.customId, values: chosen };
    return this.#use(message, `choose ${values.join(", ")}`, data);
  }

  async submit(modal: FakeModal, fields: Record<string, string> = {}): Promise<FakeInteraction> {
    const opener = this.#world.interactions.get(modal.interactionId);
    if (opener === undefined || opener.userId !== this.id) throw new Error("That modal was opened for somebody else.");
    for (const name of Object.keys(fields))
      if (!modal.fields.some((field) => field.label === name || field.customId === name))
        throw new Error(`The modal has no field "${name}".`);
    const components = modal.fields.map((field, index) => {
      const value = fields[field.label] ?? fields[field.customId] ?? field.value;
      if (field.isRequired && value === "") throw new Error(`The modal's field "${field.label}" must be filled in.`);
      if (field.maxLength !== null && value.length > field.maxLength)
        throw new Error(`The modal's field "${field.label}" takes ${field.maxLength} characters.`);
      const input = { type: ComponentType.TextInput, id: index + 100, custom_id: field.customId, value };
      return field.isLabelled
        ? { type: ComponentType.Label, id: index + 1, component: input }
        : { type: ComponentType.ActionRow, id: index + 1, components: [input] };
    });
    return sendInteraction(this.#world, {
      type: InteractionType.ModalSubmit,
      what: `submit ${modal.title}`,
      userId: this.id,
      channel: this.#world.channel(opener.channelId),
      source: opener.source,
      data: { custom_id: modal.customId, components },
      ...(opener.source === null ? {} : { message: presentMessage(this.#world, opener.source, true) }),
    });
  }

  async forge(click: {
    customId: string;
    message: FakeMessage;
    channel?: FakeChannel;
    guild?: FakeGuild | null;
  }): Promise<FakeInteraction> {
    const record = this.#recordOf(click.message);
    const channel = click.channel ?? this.#world.channel(record.channelId);
    return sendInteraction(this.#world, {
      type: InteractionType.MessageComponent,
      what: `forge ${click.customId}`,
      userId: this.id,
      channel,
      ...(click.guild === undefined ? {} : { guild: click.guild === null ? null : this.#guild(click.guild) }),
      source: record,
      data: { component_type: ComponentType.Button, custom_id: click.customId },
      message: presentMessage(this.#world, record, true),
    });
  }

  sees(channel: FakeChannel): MessageRecord[] {
    return this.#world.messagesIn(channel.id).filter(({ ephemeralFor }) => ephemeralFor === null || ephemeralFor === this.id);
  }

  #use(message: FakeMessage, what: string, data: object): Promise<FakeInteraction> {
    const source = this.#recordOf(message);
    if (source.isRemoved) throw new Error("That message is gone.");
    return sendInteraction(this.#world, {
      type: InteractionType.MessageComponent,
      what,
      userId: this.id,
      channel: this.#world.channel(message.channelId),
      source,
      data,
      message: presentMessage(this.#world, source, true),
    });
  }

  async #command(
    type: InteractionType,
    typed: string,
    values: Record<string, FakeOptionValue>,
    where: FakeChannel | undefined,
    focused: string | null,
  ) {
    const channel = where ?? this.#anyChannel();
    const found = findCommand(this.#world, channel.guildId, typed);
    const { options, attachments } = fillOptions(this.#world, found.options, values, focused);
    return sendInteraction(this.#world, {
      type,
      what: `/${typed.replace(/^\//, "")}`,
      userId: this.id,
      channel,
      data: {
        id: found.command.id,
        name: found.command.name,
        type: found.command.type,
        ...(found.command.guild_id === undefined ? {} : { guild_id: found.command.guild_id }),
        options: nest(found, options),
        ...(Object.keys(attachments).length === 0 ? {} : { resolved: { attachments } }),
      },
    });
  }

  /** The first text channel of the first guild that the person is in, else the direct conversation. */
  #anyChannel(): FakeChannel {
    const guild = [...this.#world.guilds.values()].find(({ members }) => members.has(this.id));
    const channel = [...this.#world.channels.values()].find(({ guildId, kind }) => guildId === guild?.id && kind === "text");
    return channel ?? this.direct;
  }

  #guild(guild?: FakeGuild): GuildRecord {
    const found =
      guild === undefined ? [...this.#world.guilds.values()].find(({ members }) => members.has(this.id)) : this.#world.guilds.get(guild.id);
    if (found === undefined) throw new Error(`${this.name} is in no such guild.`);
    return found;
  }

  #changeRoles(guild: FakeGuild | undefined, change: (roleIds: Set<string>, id: string) => void, name: string): void {
    const record = this.#guild(guild);
    const member = record.members.get(this.id);
    if (member === undefined) throw new Error(`${this.name} is no member of ${record.name}.`);
    change(member.roleIds, record.role(name).id);
    const data = { ...presentMember(this.#world, record, this.id), guild_id: record.id };
    this.#world.emit({ type: "GUILD_MEMBER_UPDATE", intent: GatewayIntentBits.GuildMembers, data });
  }

  #recordOf(message: FakeMessage): MessageRecord {
    const record = this.#world.messages.get(message.id);
    if (record === undefined) throw new Error("That message is none of this Discord's.");
    return record;
  }

  #own(message: FakeMessage): MessageRecord {
    if (message.author.id !== this.id) throw new Error(`${this.name} did not write that message.`);
    return this.#recordOf(message);
  }
}

/** Options travel inside the subcommand, and that inside its group. */
function nest({ path }: FoundCommand, options: object[]): object[] {
  return path.reduceRight<object[]>((inner, { name, type }) => [{ name, type, options: inner }], options);
}
