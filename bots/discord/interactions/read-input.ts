import { ApplicationCommandOptionType, type CommandInteractionOption } from "discord.js";
import type { AttachedFile, CommandInput } from "../command.ts";

function fileOf(option: CommandInteractionOption): AttachedFile | null {
  const { attachment } = option;
  return attachment === undefined ? null : { name: attachment.name, size: attachment.size, url: attachment.url };
}

/** What was typed into a slash command, flat: `/run start trials:40` becomes `start` with `{ trials: 40 }`. */
export function readInput(data: readonly CommandInteractionOption[]): CommandInput {
  const [first] = data;
  const isNested = first?.type === ApplicationCommandOptionType.Subcommand;
  const given = isNested ? (first.options ?? []) : data;
  const values = given.flatMap((option): [string, string | number | boolean][] =>
    option.value === undefined || option.type === ApplicationCommandOptionType.Attachment ? [] : [[option.name, option.value]],
  );
  return {
    subcommand: isNested ? first.name : null,
    options: Object.fromEntries(values),
    file: given.map(fileOf).find((file) => file !== null) ?? null,
  };
}
