import { readFileSync, statSync } from "node:fs";
import { EnvironmentError } from "#src/errors.ts";

/** Where the bot's token is: never in a file that others can read, never in `server.yaml` itself. */
export interface TokenPlace {
  token_env?: string | undefined;
  token_file?: string | undefined;
}

/**
 * Reads the bot's token.
 * @throws EnvironmentError when it is not there, or others may read its file.
 */
export function readToken(
  { token_env: variable = "DISCORD_TOKEN", token_file: file }: TokenPlace,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const token = file === undefined ? env[variable]?.trim() : readFile(file);
  if (token !== undefined && token !== "") return token;
  const place = file === undefined ? `The environment variable ${variable} is empty` : `${file} is empty`;
  throw new EnvironmentError(`${place}: it must hold the Discord bot's token. docs/discord.md says where to get it.`, { variable, file });
}

function readFile(file: string): string {
  let mode: number;
  try {
    mode = statSync(file).mode;
  } catch (cause) {
    throw new EnvironmentError(`The Discord token's file ${file} cannot be read. Make it, with rights 0600.`, { file }, { cause });
  }
  if ((mode & 0o077) !== 0) {
    const rights = (mode & 0o777).toString(8).padStart(4, "0");
    throw new EnvironmentError(`Others may read the Discord token in ${file} (rights ${rights}). Do: chmod 600 ${file}`, { file });
  }
  return readFileSync(file, "utf8").trim();
}
