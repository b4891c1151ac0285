import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ConfigError } from "../errors.ts";
import { checkConfig } from "./check-config.ts";
import type { ConfigSource } from "./config-source.ts";
import { runConfigJsonSchema } from "./json-schema.ts";
import { parseYaml, refuseIfAny } from "./parse-yaml.ts";
import { resolvePaths } from "./resolve-paths.ts";
import { type RunConfig, runConfigSchema } from "./run-config.ts";

function parse(text: string, file: string): { config: RunConfig; source: ConfigSource } {
  const { value: config, source } = parseYaml({ text, file, what: "a config", schema: runConfigSchema, jsonSchema: runConfigJsonSchema });
  refuseIfAny(checkConfig(config).map(({ path, message }) => source.issue(path, message)));
  return { config, source };
}

/**
 * Reads the text of a `temper.yaml`. Paths stay as they are and are not looked up.
 * @param file name for messages.
 * @throws ConfigError with every problem, its line and what would be right.
 */
export function parseRunConfig(text: string, file: string): RunConfig {
  return parse(text, file).config;
}

/**
 * Loads a `temper.yaml`; local paths come back absolute (they count from the file's directory).
 * @throws ConfigError with every problem, its line and what would be right.
 */
export async function loadRunConfig(file: string): Promise<RunConfig> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const message =
      code === "ENOENT" ? "there is no such file. `temper init` writes a config to start from" : `cannot be read: ${String(error)}`;
    throw new ConfigError([{ file, path: "", message }]);
  }
  const { config, source } = parse(text, file);
  const { config: resolved, problems } = resolvePaths(config, dirname(resolve(file)));
  refuseIfAny(problems.map(({ path, message }) => source.issue(path, message)));
  return resolved;
}
