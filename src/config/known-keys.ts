import type { ConfigPath } from "./config-source.ts";
import { alternatives, type JsonSchema, part } from "./json-schema.ts";

const valueAt = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;

/** Whether a union's alternative is the one that the value's `kind` asks for. */
function fitsKind(schema: JsonSchema, value: unknown): boolean {
  const wanted = part(part(schema, "properties"), "kind")["const"];
  return wanted === undefined || wanted === valueAt(value, "kind");
}

function keysOf(schema: JsonSchema, value: unknown): string[] {
  const branches = alternatives(schema);
  const fitting = branches.filter((branch) => fitsKind(branch, value));
  return [...new Set((fitting.length > 0 ? fitting : branches).flatMap((branch) => Object.keys(part(branch, "properties"))))];
}

/** Keys that a file of this schema may hold at a place, seen what stands there already. */
export function knownKeys(schema: JsonSchema, path: ConfigPath, content: unknown): string[] {
  let schemas = [schema];
  let value = content;
  for (const step of path) {
    const key = String(step);
    schemas = schemas.flatMap(alternatives).filter((branch) => fitsKind(branch, value));
    schemas = schemas.map((branch) => {
      const properties = part(branch, "properties");
      return key in properties ? part(properties, key) : part(branch, key === String(Number(key)) ? "items" : "additionalProperties");
    });
    value = valueAt(value, key);
  }
  return [...new Set(schemas.flatMap((branch) => keysOf(branch, value)))];
}
