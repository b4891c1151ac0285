import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import type { ConfigPath } from "../config/config-source.ts";
import { parseYaml, refuseIfAny } from "../config/parse-yaml.ts";
import { sourcePath } from "../config/source-path.ts";
import { ConfigError } from "../errors.ts";
import { type ServerConfig, serverConfigSchema } from "./server-config.ts";

/** JSON Schema of `server.yaml`, for editors. */
export const serverConfigJsonSchema = () => ({ ...z.toJSONSchema(serverConfigSchema, { io: "input" }) });

/**
 * Reads the owner's `server.yaml`; local paths come back absolute (they count from the file's directory).
 * @throws ConfigError with every problem, its line and what would be right.
 */
export async function loadServerConfig(file: string): Promise<ServerConfig> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const message = isMissing ? "there is no such file. docs/server.md has one to start from" : `cannot be read: ${String(error)}`;
    throw new ConfigError([{ file, path: "", message }]);
  }
  return parseServerConfig(text, file);
}

/** The same for a text. @param file its name: for messages, and for where paths count from. */
export function parseServerConfig(text: string, file: string): ServerConfig {
  const { value, source } = parseYaml({ text, file, what: "server.yaml", schema: serverConfigSchema, jsonSchema: serverConfigJsonSchema });
  const directory = dirname(resolve(file));
  const problems: { path: ConfigPath; message: string }[] = [];
  const resolved = <Entry extends { path: string }>(section: string, entries: Record<string, Entry>) =>
    Object.fromEntries(
      Object.entries(entries).map(([name, entry]) => {
        const found = sourcePath(entry.path, directory);
        if (found.where === "missing")
          problems.push({
            path: ["catalogue", section, name, "path"],
            message: `no such file or directory: ${entry.path} (looked for ${found.path})`,
          });
        return [name, { ...entry, path: found.path }];
      }),
    );
  const { catalogue } = value;
  const tasks = Object.fromEntries(
    Object.entries(catalogue.tasks).map(([name, task]) => [
      name,
      task.kind === "generate" ? (resolved("tasks", { [name]: task })[name] ?? task) : task,
    ]),
  );
  const { discord } = value;
  const complete = {
    ...value,
    ...(discord?.token_file === undefined ? {} : { discord: { ...discord, token_file: resolve(directory, discord.token_file) } }),
    catalogue: {
      models: resolved("models", catalogue.models),
      datasets: resolved("datasets", catalogue.datasets),
      tasks,
      runs: resolved("runs", catalogue.runs),
    },
  };
  refuseIfAny(problems.map(({ path, message }) => source.issue(path, message)));
  return complete;
}
