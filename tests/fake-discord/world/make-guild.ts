import type { FakeChannel, FakeRole } from "../driver.ts";
import { botPermissions, everyonePermissions } from "./permissions.ts";
import { newChannel, type GuildRecord, type World } from "./world.ts";

/** What a guild is made of. */
export interface GuildSetup {
  name: string;
  roles?: (string | { name: string; permissions: bigint })[];
  channels?: string[];
  botPermissions?: bigint;
}

/** Makes a guild with the bot in it. `#general` is there when no channel is asked for. */
export function makeGuild(world: World, setup: GuildSetup): GuildRecord {
  const id = world.snowflake();
  const role = (name: string, permissions: bigint): FakeRole => ({ id: world.snowflake(), name, permissions });
  const botRole = role(world.bot.name, setup.botPermissions ?? botPermissions);
  const roles = (setup.roles ?? []).map((each) => (typeof each === "string" ? role(each, 0n) : role(each.name, each.permissions)));
  const isChannel = (channel: FakeChannel, name: string) => channel.guildId === id && channel.name === name;
  const guild: GuildRecord = {
    id,
    name: setup.name,
    ownerId: "1",
    createdAt: world.now(),
    roles: [{ id, name: "@everyone", permissions: everyonePermissions }, botRole, ...roles],
    members: new Map([[world.bot.id, { roleIds: new Set([botRole.id]), joinedAt: world.now() }]]),
    role(name) {
      const found = guild.roles.findLast((each) => each.name === name);
      if (found === undefined) throw new Error(`${setup.name} has no role "${name}".`);
      return found;
    },
    channel(name) {
      const found = [...world.channels.values()].find((channel) => isChannel(channel, name));
      if (found === undefined) throw new Error(`${setup.name} has no channel "${name}".`);
      return found;
    },
  };
  world.guilds.set(id, guild);
  for (const name of setup.channels ?? ["general"]) {
    const channel = newChannel({ id: world.snowflake(), name, kind: "text", guildId: id });
    world.channels.set(channel.id, channel);
  }
  return guild;
}
