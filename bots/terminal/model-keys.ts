import type { ServerConfig } from "#src/server/server-config.ts";
import type { Terminal } from "./terminal.ts";

/** Keys of the language models that the owner's settings point to: a redactor knows variables by their names alone. */
export function modelKeys(server: ServerConfig | null, env: Terminal["env"]): (string | undefined)[] {
  const models = Object.values(server?.llm ?? {});
  return models.map((model) => (model?.api_key_env === undefined ? undefined : env[model.api_key_env]));
}
