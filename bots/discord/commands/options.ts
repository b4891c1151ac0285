import { ApplicationCommandOptionType, type APIApplicationCommandBasicOption } from "discord-api-types/v10";
import type { CommandInput } from "../command.ts";

/** The option that most commands have: which run is meant. */
export const runOption: APIApplicationCommandBasicOption = {
  type: ApplicationCommandOptionType.String,
  name: "run",
  description: "Name or id of the run; left out, the one of this thread, or the latest",
  autocomplete: true,
};

/** A required or optional word that is completed while it is typed. */
export function wordOption(name: string, description: string, isRequired = false): APIApplicationCommandBasicOption {
  return { type: ApplicationCommandOptionType.String, name, description, required: isRequired, autocomplete: true };
}

/** A text option's value; null when it was left out or is blank. */
export function textOf({ options }: CommandInput, name: string): string | null {
  const value = options[name];
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

/** A number option's value; null when it was left out. */
export function numberOf({ options }: CommandInput, name: string): number | null {
  const value = options[name];
  return typeof value === "number" ? value : null;
}
