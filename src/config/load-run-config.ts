import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ConfigError, type ConfigIssue } from "../errors.ts";
import { checkConfig } from "./check-config.ts";
import { ConfigSource } from "./config-source.ts";
import { describeIssue } from "./describe-issue.ts";
import { resolvePaths } from "./resolve-paths.ts";
import { type RunConfig, runConfigSchema } from "./run-config.ts";

function refuseIfAny(issues: ConfigIssue[]): void {
  if (issues.length === 0) return;
  throw new ConfigError(issues.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)));
}

function parse(text: string, file: string): { config: RunConfig; source: ConfigSource } {
  const source = new ConfigSource(text, file);
  refuseIfAny(source.syntaxIssues());
  const content = source.value();
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw new ConfigError([
      { file, path: "", message: "a config is a map of settings; this file holds none. `temper init` writes one to start from" },
    ]);
  }
  const parsed = runConfigSchema.safeParse(content);
  if (!parsed.success) refuseIfAny(parsed.error.issues.flatMap((issue) => describeIssue(issue, source, content)));
  const config = runConfigSchema.parse(content);
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
