import type { z } from "zod";
import type { ConfigIssue } from "../errors.ts";
import type { ConfigPath, ConfigSource } from "./config-source.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { JsonSchema } from "./json-schema.ts";
import { knownKeys } from "./known-keys.ts";

type ZodIssue = z.core.$ZodIssue;

const article = (noun: string) => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`);
const kinds: Readonly<Record<string, string>> = {
  int: "whole number",
  object: "map",
  record: "map",
  array: "list",
  boolean: "true or false",
  string: "text",
};

function shown(value: unknown): string {
  if (value === null) return "nothing";
  if (typeof value === "object") return Array.isArray(value) ? "a list" : "a map";
  return JSON.stringify(value) ?? "nothing";
}

function valueAt(content: unknown, path: ConfigPath): unknown {
  let value = content;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.entries(value).find(([name]) => name === String(step))?.[1];
  }
  return value;
}

function describeUnion(issue: z.core.$ZodIssueInvalidUnion, value: unknown): string {
  if ("options" in issue && Array.isArray(issue.options)) {
    const options = issue.options.map(String);
    return `${shown(value)} is not one of ${options.join(", ")}.${typeof value === "string" ? didYouMeanOnly(value, options) : ""}`;
  }
  if (issue.path[0] === "actions") return `${shown(value)} is no setting: write a value, a list of choices, or { min, max, scale: log }`;
  const expected = issue.errors.flat().flatMap((inner) => (inner.code === "invalid_type" ? [kinds[inner.expected] ?? inner.expected] : []));
  const values = issue.errors
    .flat()
    .flatMap((inner) => (inner.code === "invalid_value" ? inner.values.map((known) => JSON.stringify(known)) : []));
  return `must be ${[...new Set([...values, ...expected])].join(" or ")}, not ${shown(value)}`;
}

function didYouMeanOnly(word: string, options: readonly string[]): string {
  const text = didYouMean(word, options);
  return text.startsWith(" Did") ? text : "";
}

/** What is wrong with one value, in plain words. */
export function describeValue(issue: ZodIssue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type": {
      const kind = kinds[issue.expected] ?? issue.expected;
      return `must be ${kind === "text" || kind === "true or false" ? kind : article(kind)}, not ${shown(value)}`;
    }
    case "invalid_value":
      return `${shown(value)} is not one of ${issue.values.join(", ")}.${typeof value === "string" ? didYouMeanOnly(value, issue.values.map(String)) : ""}`;
    case "too_small":
      return `must be ${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}, not ${shown(value)}`;
    case "too_big":
      return issue.origin === "string"
        ? `is longer than ${issue.maximum} characters`
        : `must be ${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}, not ${shown(value)}`;
    case "invalid_union":
      return describeUnion(issue, value);
    case "invalid_format":
      return `${shown(value)}: ${issue.message}`;
    case "unrecognized_keys":
    case "invalid_key":
    case "invalid_element":
    case "not_multiple_of":
    case "custom":
      break;
  }
  return issue.message;
}

/** A file that was refused: where things stand in it, its content, and the JSON Schema of what was wanted. */
export interface Refused {
  source: ConfigSource;
  content: unknown;
  schema: JsonSchema;
}

/** A zod issue of a config in plain words, with its line: what is wrong and what would be right. */
export function describeIssue(issue: ZodIssue, { source, content, schema }: Refused): ConfigIssue[] {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, path, content);
    const word = path.length === 1 && path[0] === "actions" ? "unknown action type" : "unknown key";
    return issue.keys.map((key) => source.issue([...path, key], `${word}.${didYouMean(key, known)}`));
  }
  if (!source.has(path)) {
    const options =
      issue.code === "invalid_union" && "options" in issue && Array.isArray(issue.options) ? `: one of ${issue.options.join(", ")}` : "";
    return [source.issue(path, `is missing${options}`)];
  }
  return [source.issue(path, describeValue(issue, valueAt(content, path)))];
}
