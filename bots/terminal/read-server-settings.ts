import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { ServerConfig } from "#src/server/server-config.ts";
import type { Terminal } from "./terminal.ts";

/** The owner's settings: those that were named, or `server.yaml` where one is; null = none. */
export async function readServerSettings(terminal: Terminal, named: string | null): Promise<ServerConfig | null> {
  const file = resolve(terminal.cwd, named ?? "server.yaml");
  if (named === null && !existsSync(file)) return null;
  const { loadServerConfig } = await import("#src/server/load-server-config.ts");
  return loadServerConfig(file);
}
