import { type Role, roles } from "../approval/role.ts";
import type { ServerConfig } from "./server-config.ts";

/** A member of a Discord server, as the platform tells of them now. */
export interface Member {
  guild: string;
  userId: string;
  roleIds: readonly string[];
  roleNames: readonly string[];
}

/** The strongest role that the owner's settings give a member; null = none. */
export function roleOf(server: Pick<ServerConfig, "discord">, { guild, userId, roleIds, roleNames }: Member): Role | null {
  const settings = own(server.discord?.guilds ?? {}, guild);
  if (settings === undefined) return null;
  const given = [...roleIds, ...roleNames].map((name) => own(settings.roles, name));
  given.push(own(settings.users, userId));
  const found = given.filter((role) => role !== undefined);
  return found.toSorted((a, b) => roles.indexOf(b) - roles.indexOf(a))[0] ?? null;
}

/** Anybody may call a role "constructor": only what the file says counts. */
function own<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
