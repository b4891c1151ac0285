import {
  ApplicationCommandCreateRequestSchema,
  ApplicationCommandPatchRequestPartialSchema,
  ApplicationCommandResponseSchema,
  ApplicationCommandUpdateRequestSchema,
} from "discord-api-spec/zod";
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type APIApplicationCommand,
  type APIApplicationCommandOption,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from "discord-api-types/v10";
import { z } from "zod";
import { answer } from "../../world/answer.ts";
import type { World } from "../../world/world.ts";
import { discordErrors } from "../discord-error.ts";
import { parseBody } from "../parse-body.ts";
import type { Call, Route } from "../router.ts";

const mostCommands = 100;
const namePattern = /^[-_'\p{L}\p{N}]{1,32}$/u;

type CommandBody = RESTPostAPIChatInputApplicationCommandsJSONBody;

/** Lower case, and what must be filled in before what may be. */
function checkOptions(options: readonly APIApplicationCommandOption[], path: PropertyKey[]): void {
  let seenOptional = false;
  const names = options.map(({ name }) => name);
  if (new Set(names).size !== names.length)
    throw discordErrors.badBody(path, "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", "Option names must be unique");
  for (const [index, option] of options.entries()) {
    checkName(option.name, [...path, index, "name"]);
    const isGroup = option.type === ApplicationCommandOptionType.Subcommand || option.type === ApplicationCommandOptionType.SubcommandGroup;
    if (isGroup) {
      checkOptions(option.options ?? [], [...path, index, "options"]);
      continue;
    }
    if (option.required === true && seenOptional)
      throw discordErrors.badBody(
        [...path, index],
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        "Required options must be placed before",
      );
    seenOptional ||= option.required !== true;
  }
}

function checkName(name: string, path: PropertyKey[]): void {
  if (!namePattern.test(name) || name !== name.toLowerCase())
    throw discordErrors.badBody(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
}

function shelf(world: World, scope: string): Map<string, APIApplicationCommand> {
  const known = world.commands.get(scope) ?? new Map<string, APIApplicationCommand>();
  world.commands.set(scope, known);
  return known;
}

function put(world: World, scope: string, body: CommandBody): APIApplicationCommand {
  checkName(body.name, ["name"]);
  checkOptions(body.options ?? [], ["options"]);
  if (!body.description) throw discordErrors.badBody(["description"], "BASE_TYPE_REQUIRED", "This field is required");
  const commands = shelf(world, scope);
  const known = [...commands.values()].find(({ name }) => name === body.name);
  if (known === undefined && commands.size >= mostCommands) throw discordErrors.tooManyCommands();
  const command: APIApplicationCommand = {
    id: known?.id ?? world.snowflake(),
    application_id: world.applicationId,
    version: world.snowflake(),
    type: ApplicationCommandType.ChatInput,
    name: body.name,
    description: body.description,
    options: body.options ?? [],
    default_member_permissions: body.default_member_permissions ?? null,
    nsfw: false,
    ...(body.contexts ? { contexts: body.contexts } : {}),
    ...(body.integration_types ? { integration_types: body.integration_types } : {}),
    ...(scope === "global" ? {} : { guild_id: scope }),
  };
  answer("command", ApplicationCommandResponseSchema, command);
  commands.set(command.id, command);
  world.changed();
  return command;
}

function overwrite(call: Call, scope: string): object {
  const bodies = z
    .array(z.unknown())
    .parse(call.body.json)
    .map((body) => parseBody(ApplicationCommandUpdateRequestSchema, body));
  if (bodies.length > mostCommands) throw discordErrors.tooManyCommands();
  const commands = shelf(call.world, scope);
  const names = new Set(bodies.map(({ name }) => name));
  for (const { id, name } of commands.values()) if (!names.has(name)) commands.delete(id);
  return bodies.map((body) => put(call.world, scope, body));
}

function find(call: Call, scope: string): APIApplicationCommand {
  const command = shelf(call.world, scope).get(call.param("command"));
  if (command === undefined) throw discordErrors.unknownCommand();
  return command;
}

function change(call: Call, scope: string): object {
  const command = find(call, scope);
  const patch = call.parse(ApplicationCommandPatchRequestPartialSchema);
  const merged = { name: command.name, description: command.description, options: command.options ?? [], ...patch };
  const commands = shelf(call.world, scope);
  const changed = { ...put(call.world, scope, parseBody(ApplicationCommandCreateRequestSchema, merged)), id: command.id };
  commands.set(command.id, changed);
  return changed;
}

function routesUnder(prefix: string, scopeOf: (call: Call) => string): Route[] {
  const scope = (call: Call): string => {
    if (call.param("application") !== call.world.applicationId) throw discordErrors.unknownApplication();
    return scopeOf(call);
  };
  return [
    { route: `GET ${prefix}`, answer: (call) => [...shelf(call.world, scope(call)).values()] },
    { route: `PUT ${prefix}`, answer: (call) => overwrite(call, scope(call)) },
    { route: `POST ${prefix}`, answer: (call) => put(call.world, scope(call), call.parse(ApplicationCommandCreateRequestSchema)) },
    { route: `GET ${prefix}/:command`, answer: (call) => find(call, scope(call)) },
    { route: `PATCH ${prefix}/:command`, answer: (call) => change(call, scope(call)) },
    {
      route: `DELETE ${prefix}/:command`,
      answer: (call) => {
        shelf(call.world, scope(call)).delete(find(call, scope(call)).id);
        return null;
      },
    },
  ];
}

/** Application commands, of all guilds and of one. */
export const commandRoutes: Route[] = [
  ...routesUnder("/applications/:application/commands", () => "global"),
  ...routesUnder("/applications/:application/guilds/:guild/commands", (call) => {
    const id = call.param("guild");
    if (!call.world.guilds.has(id)) throw discordErrors.missingAccess();
    return id;
  }),
];
