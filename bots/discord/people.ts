import type { Client, Guild, GuildMember, User } from "discord.js";
import type { Person } from "#src/approval/person.ts";
import type { Role } from "#src/approval/role.ts";
import { UserInputError } from "#src/errors.ts";

/** The role that somebody has by the owner's settings; null = none. */
export type RoleOf = (member: { guild: string; userId: string; roleIds: readonly string[]; roleNames: readonly string[] }) => Role | null;

/** Who speaks, and the guilds in which their role holds: what lives in others is out of their reach. */
export interface Speaker {
  person: Person;
  guilds: readonly string[];
}

interface PeopleOptions {
  client: Client;
  /** Guilds that the owner's settings name. */
  guilds: readonly string[];
  roleOf: RoleOf;
}

interface Given {
  role: Role | null;
  guilds: readonly string[];
}

const strength: readonly Role[] = ["viewer", "operator", "approver", "owner"];

const readerMs = 60_000;
const mostReaders = 1000;

/** Who speaks, with the role that they have at this moment. */
export class People {
  readonly #options: PeopleOptions;
  readonly #readers = new Map<string, { speaker: Speaker; until: number }>();

  constructor(options: PeopleOptions) {
    this.#options = options;
  }

  /**
   * The person behind a click or a message. In a direct message the strongest role of the guilds that are shared counts, asked
   * for anew; it holds in the guilds that gave it.
   * @throws UserInputError when the owner gave them no role.
   */
  async of(user: User, guild: Guild | null, member: GuildMember | null): Promise<Speaker> {
    const { role, guilds } = guild === null ? await this.#anywhere(user) : await this.#here(guild, user, member);
    const name = member?.displayName ?? user.displayName;
    if (role !== null) return { person: { platform: "discord", id: user.id, name, role }, guilds };
    throw new UserInputError(
      `${name} has no role with Temper here. The owner gives roles in server.yaml, under discord: guilds.`,
      { user: user.id },
      "not_allowed",
    );
  }

  /**
   * The same for what changes nothing and must be quick, suggestions and forms: in a direct message with the role of up to a
   * minute ago, since asking Discord anew may take longer than it waits.
   * @throws UserInputError when the owner gave them no role.
   */
  async reader(user: User, guild: Guild | null, member: GuildMember | null): Promise<Speaker> {
    if (guild !== null) return this.of(user, guild, member);
    const known = this.#readers.get(user.id);
    if (known !== undefined && known.until > performance.now()) return known.speaker;
    const speaker = await this.of(user, guild, member);
    if (this.#readers.size >= mostReaders) this.#readers.clear();
    this.#readers.set(user.id, { speaker, until: performance.now() + readerMs });
    return speaker;
  }

  /** The first guild of those that give somebody their strongest role; null for strangers. */
  async strongestGuild(user: User): Promise<string | null> {
    return (await this.#anywhere(user)).guilds[0] ?? null;
  }

  async #here(guild: Guild, user: User, member: GuildMember | null): Promise<Given> {
    return { role: this.#roleIn(guild, user, member ?? (await fetchMember(guild, user))), guilds: [guild.id] };
  }

  #roleIn(guild: Guild, user: User, member: GuildMember | null): Role | null {
    if (!this.#options.guilds.includes(guild.id) || member === null) return null;
    const roles = [...member.roles.cache.values()];
    return this.#options.roleOf({
      guild: guild.id,
      userId: user.id,
      roleIds: roles.map(({ id }) => id),
      roleNames: roles.map(({ name }) => name),
    });
  }

  async #anywhere(user: User): Promise<Given> {
    const found: { id: string; role: Role }[] = [];
    for (const id of this.#options.guilds) {
      const guild = this.#options.client.guilds.cache.get(id);
      const member = guild === undefined ? null : await fetchMember(guild, user);
      const role = guild === undefined || member === null ? null : this.#roleIn(guild, user, member);
      if (role !== null) found.push({ id, role });
    }
    const role = strength.findLast((each) => found.some((one) => one.role === each)) ?? null;
    return { role, guilds: found.filter((one) => one.role === role).map(({ id }) => id) };
  }
}

/** Asked for anew: a role that was taken away counts at once. Null for somebody who is no member. */
async function fetchMember(guild: Guild, user: User): Promise<GuildMember | null> {
  return guild.members.fetch({ user, force: true }).catch(() => null);
}
