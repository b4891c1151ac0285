import { type Role, roles } from "#src/approval/role.ts";
import type { FakeChannel, FakeDiscord, FakeInteraction, FakeMessage, FakeModal, FakeUser } from "#tests/fake-discord/driver.ts";

const patienceMs = 60_000;

/** All words of a message, as the bot wrote them. */
export const wordsOf = ({ content, embeds }: FakeMessage): string =>
  [content, ...embeds.flatMap(({ title, description, fields = [] }) => [title, description, ...fields.map(({ value }) => value)])].join(
    "\n",
  );

/** Plays people of each role, who talk to the bot in a run's thread. */
export class PeopleInThread {
  readonly #discord: FakeDiscord;
  readonly #people: ReadonlyMap<Role, FakeUser>;
  readonly channel: FakeChannel;

  constructor(discord: FakeDiscord, channel: FakeChannel) {
    this.#discord = discord;
    this.channel = channel;
    this.#people = new Map(roles.map((role) => [role, discord.user({ name: `${role}-ann`, roles: [role] })]));
  }

  person(role: Role): FakeUser {
    const person = this.#people.get(role);
    if (person === undefined) throw new Error(`Nobody is ${role}.`);
    return person;
  }

  /** Mentions the bot, or answers one of its messages, and gives its answer. */
  async say(role: Role, text: string, replyTo?: FakeMessage): Promise<FakeMessage> {
    const more = replyTo === undefined ? { mention: true } : { replyTo };
    const question = await this.person(role).say(this.channel, text, more);
    const answer = await this.find(`the answer to ${text}`, ({ replyToId }) => replyToId === question.id);
    if (answer.pinged.length > 0) throw new Error(`The answer to "${text}" pings ${answer.pinged.join(", ")}.`);
    return answer;
  }

  /** The card with a button of this name, and part of its id, that came after a message. */
  card(button: string, { part = "", after = "0" }: { part?: string; after?: string } = {}): Promise<FakeMessage> {
    const isIt = ({ label, customId }: FakeMessage["buttons"][number]) => label === button && customId?.includes(part) === true;
    return this.find(`a card with ${button}`, ({ id, buttons }) => BigInt(id) > BigInt(after) && buttons.some(isIt));
  }

  /** The newest message of the bot that is meant, once it is there. */
  find(what: string, is: (message: FakeMessage) => boolean, channel: FakeChannel = this.channel): Promise<FakeMessage> {
    const look = () => this.#discord.messages(channel).findLast((message) => message.author.isBot && is(message));
    return this.#discord.until(what, look, patienceMs);
  }

  /** Presses a button and gives the form that opens. */
  async form(role: Role, card: FakeMessage, button: string): Promise<FakeModal> {
    const { modal, messages } = await this.person(role).click(card, button);
    if (modal === null) throw new Error(`${button} opened no form: ${messages.map(({ content }) => content).join(" ")}`);
    return modal;
  }

  /** Presses a button, fills in the form where one opens, and gives what the person is told. */
  async click(role: Role, card: FakeMessage, button: string, fields: Record<string, string> = {}): Promise<FakeMessage> {
    const click = await this.person(role).click(card, button);
    return this.answerTo(click.modal === null ? click : await this.person(role).submit(click.modal, fields));
  }

  /** What the bot answers to an interaction in the end. */
  async answerTo(interaction: FakeInteraction): Promise<FakeMessage> {
    if (interaction.hasFailed) throw new Error(`${interaction.what} was not acknowledged in time.`);
    const isThere = () => interaction.messages.find(({ isPending }) => !isPending);
    return this.#discord.until(`the answer to ${interaction.what}`, isThere, patienceMs);
  }
}
