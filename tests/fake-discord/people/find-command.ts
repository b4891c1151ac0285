import { ApplicationCommandOptionType, type APIApplicationCommand, type APIApplicationCommandBasicOption } from "discord-api-types/v10";
import type { World } from "../world/world.ts";

/** A command as a person picks it: `run start` is the subcommand `start` of `run`. */
export interface FoundCommand {
  command: APIApplicationCommand;
  /** Names of the subcommand group and subcommand, outermost first, with their types. */
  path: { name: string; type: ApplicationCommandOptionType.Subcommand | ApplicationCommandOptionType.SubcommandGroup }[];
  options: APIApplicationCommandBasicOption[];
}

function offered(world: World, guildId: string | null): APIApplicationCommand[] {
  const here = guildId === null ? [] : [...(world.commands.get(guildId)?.values() ?? [])];
  return [...here, ...(world.commands.get("global")?.values() ?? [])];
}

/** Finds a registered command by what a person types; fails like Discord's client does, with what there is. */
export function findCommand(world: World, guildId: string | null, typed: string): FoundCommand {
  const [name, ...rest] = typed.replace(/^\//, "").split(" ");
  const commands = offered(world, guildId);
  const command = commands.find((each) => each.name === name);
  if (command === undefined)
    throw new Error(`There is no command /${name}. Registered: ${commands.map((each) => `/${each.name}`).join(", ") || "none"}.`);
  const path: FoundCommand["path"] = [];
  let options = command.options ?? [];
  for (const part of rest) {
    const found = options.find((option) => option.name === part);
    if (found?.type !== ApplicationCommandOptionType.Subcommand && found?.type !== ApplicationCommandOptionType.SubcommandGroup)
      throw new Error(`/${typed}: there is no subcommand "${part}". There are: ${options.map((option) => option.name).join(", ")}.`);
    path.push({ name: part, type: found.type });
    options = found.options ?? [];
  }
  const basic = options.flatMap((option) =>
    option.type === ApplicationCommandOptionType.Subcommand || option.type === ApplicationCommandOptionType.SubcommandGroup ? [] : [option],
  );
  if (basic.length !== options.length) throw new Error(`/${typed} needs a subcommand: ${options.map((option) => option.name).join(", ")}.`);
  return { command, path, options: basic };
}
