import type { RESTPostAPIChatInputApplicationCommandsJSONBody } from "discord-api-types/v10";
import type { Answer } from "./answer.ts";
import type { Place } from "./place.ts";

/** What a person typed into a slash command, flat. */
export interface CommandInput {
  /** `start` in `/run start`; null where a command has none. */
  subcommand: string | null;
  options: Readonly<Record<string, string | number | boolean>>;
  /** A file that came along. */
  file: AttachedFile | null;
}

/** A file in a message or command, before it is read. */
export interface AttachedFile {
  name: string;
  /** Bytes. */
  size: number;
  url: string;
}

/** A slash command. `definition` is what Discord is told; its words and limits are Discord's. */
export interface Command {
  definition: RESTPostAPIChatInputApplicationCommandsJSONBody;
  /** Only the person who asked sees the answer. */
  isPrivate: boolean;
  respond(input: CommandInput, place: Place): Promise<Answer>;
}

interface CommandParts<Ask> {
  definition: RESTPostAPIChatInputApplicationCommandsJSONBody;
  isPrivate?: boolean;
  /** Pure: what was typed, as the command's own question. */
  parse(input: CommandInput): Ask;
  run(ask: Ask, place: Place): Promise<Answer>;
}

/** Makes a command of its two halves: reading what was typed, and doing it. */
export function defineCommand<Ask>({ definition, isPrivate = false, parse, run }: CommandParts<Ask>): Command {
  return { definition, isPrivate, respond: async (input, place) => run(parse(input), place) };
}
