import { z } from "zod";
import { actionTypes } from "../action/action-types.ts";
import { type ActionTypeName, actionTypeNames } from "../action/action.ts";
import { runConfigSchema } from "./run-config.ts";

/** A JSON Schema as plain JSON. */
export type JsonSchema = { [key: string]: unknown };

const isSchema = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null && !Array.isArray(value);

/** A property of a schema that is a schema itself, or an empty one. */
export function part(schema: JsonSchema, name: string): JsonSchema {
  const value = schema[name];
  return isSchema(value) ? value : {};
}

/** The alternatives of a union, or the schema alone. */
export function alternatives(schema: JsonSchema): JsonSchema[] {
  const branches = schema["oneOf"] ?? schema["anyOf"];
  return Array.isArray(branches) ? branches.filter(isSchema).flatMap(alternatives) : [schema];
}

const range: JsonSchema = {
  type: "object",
  properties: { min: { type: "number" }, max: { type: "number" }, scale: { enum: ["linear", "log"], default: "linear" } },
  required: ["min", "max"],
  additionalProperties: false,
};

/** A hyper-parameter in a config: a value, a list of choices, or (numbers) a range. */
function searchSchema(value: JsonSchema): JsonSchema {
  const isNumeric = alternatives(value).some(
    (branch) => branch["type"] === "number" || branch["type"] === "integer" || Array.isArray(branch["type"]),
  );
  const { default: fallback, ...bare } = value;
  return { anyOf: [bare, { type: "array", items: bare, minItems: 1 }, ...(isNumeric ? [range] : [])], default: fallback };
}

/** Schemas of an action type's hyper-parameters by name. */
export function settingProperties(type: ActionTypeName): JsonSchema {
  return part(z.toJSONSchema(actionTypes[type].settingSchema, { io: "input" }), "properties");
}

/** Settings of an action type as a person writes them: also nested, `peft: { r: … }` for `peft_r`. */
function settingsSchema(type: ActionTypeName): JsonSchema {
  const properties: JsonSchema = {};
  const nested: JsonSchema = {};
  for (const [name, value] of Object.entries(settingProperties(type))) {
    const schema = isSchema(value) ? searchSchema(value) : {};
    properties[name] = schema;
    if (name.startsWith("peft_")) nested[name.slice("peft_".length)] = schema;
  }
  if (Object.keys(nested).length > 0) properties["peft"] = { type: "object", properties: nested, additionalProperties: false };
  return { type: "object", description: actionTypes[type].title, properties, additionalProperties: false };
}

/** JSON Schema of `temper.yaml`, for editors (`temper schema`): with the hyper-parameters of every action type. */
export function runConfigJsonSchema(): JsonSchema {
  const schema: JsonSchema = z.toJSONSchema(runConfigSchema, { io: "input" });
  const properties = part(schema, "properties");
  const actions = {
    type: "object",
    properties: Object.fromEntries(actionTypeNames.map((type) => [type, settingsSchema(type)])),
    additionalProperties: false,
  };
  return { ...schema, title: "temper.yaml", properties: { ...properties, actions } };
}
