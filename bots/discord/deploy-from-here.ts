import { REST } from "discord.js";
import { Routes } from "discord-api-types/v10";
import { EnvironmentError } from "#src/errors.ts";
import { commands } from "./commands/commands.ts";
import { deployCommands, type Deployment } from "./deploy-commands.ts";
import { readToken, type TokenPlace } from "./read-token.ts";

/**
 * Registers the commands without connecting to the gateway.
 * @throws EnvironmentError when there is no token, or Discord does not take it.
 */
export async function deployFromHere(place: TokenPlace, env: Readonly<Record<string, string | undefined>>): Promise<Deployment> {
  const api = env["TEMPER_DISCORD_API"];
  const rest = new REST(api === undefined ? {} : { api }).setToken(readToken(place, env));
  const definitions = commands.map(({ definition }) => definition);
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Discord's API is versioned, and its types are discord-api-types.
    const { id } = (await rest.get(Routes.currentApplication())) as { id: string };
    return await deployCommands(rest, id, definitions);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EnvironmentError(
      `Discord did not take the commands: ${why}. Check the token (docs/discord.md, step 2) and the network.`,
      {},
      { cause },
    );
  }
}
