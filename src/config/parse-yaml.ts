import type { z } from "zod";
import { ConfigError, type ConfigIssue } from "../errors.ts";
import { ConfigSource } from "./config-source.ts";
import { describeIssue } from "./describe-issue.ts";
import type { JsonSchema } from "./json-schema.ts";

/** A YAML file to be read, and what it must hold. */
export interface YamlInput<Schema extends z.ZodType> {
  text: string;
  /** For messages. */
  file: string;
  /** `a config`: for messages. */
  what: string;
  schema: Schema;
  /** Only built when something must be suggested. */
  jsonSchema: () => JsonSchema;
}

/** Throws a ConfigError when there are issues, in the order of the file. */
export function refuseIfAny(issues: readonly ConfigIssue[]): void {
  if (issues.length === 0) return;
  throw new ConfigError(sorted(issues));
}

/** Reads YAML against a schema. @throws ConfigError with every problem and its line. */
export function parseYaml<Schema extends z.ZodType>(input: YamlInput<Schema>): { value: z.output<Schema>; source: ConfigSource } {
  const source = new ConfigSource(input.text, input.file);
  refuseIfAny(source.syntaxIssues());
  const content = source.value();
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw new ConfigError([{ file: input.file, path: "", message: `${input.what} is a map of settings; this file holds none` }]);
  }
  const parsed = input.schema.safeParse(content);
  if (parsed.success) return { value: parsed.data, source };
  const schema = input.jsonSchema();
  throw new ConfigError(sorted(parsed.error.issues.flatMap((issue) => describeIssue(issue, { source, content, schema }))));
}

function sorted(issues: readonly ConfigIssue[]): ConfigIssue[] {
  return issues.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}
