import { isDeepStrictEqual } from "node:util";
import type { REST } from "discord.js";
import { Routes, type APIApplicationCommand, type RESTPostAPIChatInputApplicationCommandsJSONBody } from "discord-api-types/v10";

/** What was written to Discord. */
export interface Deployment {
  created: string[];
  changed: string[];
  removed: string[];
}

type Definition = RESTPostAPIChatInputApplicationCommandsJSONBody;

/** Settings that Discord fills in where a definition leaves them out. */
const filledIn = { required: false, autocomplete: false } as const;

/** The part of an option or command that Temper decides, in one form for what is wanted and what is there. */
function essence(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(essence);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, part]): [string, unknown][] => {
    if (part === undefined || part === null || ignored.has(name) || (Array.isArray(part) && part.length === 0)) return [];
    if (name in filledIn && part === false) return [];
    return [[name, essence(part)]];
  });
  return Object.fromEntries(entries);
}

const ignored = new Set([
  "id",
  "application_id",
  "guild_id",
  "version",
  "default_permission",
  "default_member_permissions",
  "dm_permission",
  "contexts",
  "integration_types",
  "nsfw",
  "handler",
  "name_localizations",
  "description_localizations",
  "name_localized",
  "description_localized",
]);

/** True when Discord's command is what is wanted. */
export function isSameCommand(wanted: Definition, there: APIApplicationCommand): boolean {
  return isDeepStrictEqual(essence({ ...wanted, type: wanted.type ?? 1 }), essence(there));
}

/**
 * Makes Discord's global commands those that are wanted, by difference: where nothing changed, nothing is written, so a
 * restart costs no command writes (Discord limits them to 200 a day).
 */
export async function deployCommands(rest: REST, application: string, wanted: readonly Definition[]): Promise<Deployment> {
  const route = Routes.applicationCommands(application);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Discord's API is versioned, and its types are discord-api-types.
  const there = (await rest.get(route)) as APIApplicationCommand[];
  const deployment: Deployment = { created: [], changed: [], removed: [] };
  for (const body of wanted) {
    const known = there.find(({ name, type }) => name === body.name && type === (body.type ?? 1));
    if (known === undefined) {
      await rest.post(route, { body });
      deployment.created.push(body.name);
    } else if (!isSameCommand(body, known)) {
      await rest.patch(Routes.applicationCommand(application, known.id), { body });
      deployment.changed.push(body.name);
    }
  }
  for (const { id, name } of there.filter((command) => !wanted.some((body) => body.name === command.name))) {
    await rest.delete(Routes.applicationCommand(application, id));
    deployment.removed.push(name);
  }
  return deployment;
}
