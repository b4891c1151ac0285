import { ApplicationCommandOptionType, type APIApplicationCommandBasicOption } from "discord-api-types/v10";
import type { FakeOptionValue } from "../driver.ts";
import type { World } from "../world/world.ts";

/** Options as they travel, with the files that they name. */
export interface Filled {
  options: { name: string; type: number; value: string | number | boolean; focused?: true }[];
  attachments: Record<string, object>;
}

function keep(world: World, { file, content }: { file: string; content: string | Buffer }) {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const kept = { id: world.snowflake(), name: file, contentType: "application/octet-stream", bytes };
  world.files.set(kept.id, kept);
  const url = `${world.origin}/cdn/attachments/${kept.id}/${encodeURIComponent(file)}`;
  return { id: kept.id, filename: file, size: bytes.length, url, proxy_url: url, content_type: kept.contentType, ephemeral: true };
}

function checkValue(option: APIApplicationCommandBasicOption, value: string | number | boolean): void {
  const { Boolean: flag, Integer, Number: real, String: text } = ApplicationCommandOptionType;
  const fits =
    (option.type === text && typeof value === "string" && value.length <= (option.max_length ?? 6000)) ||
    (option.type === Integer && Number.isInteger(value)) ||
    (option.type === real && typeof value === "number") ||
    (option.type === flag && typeof value === "boolean") ||
    ![text, Integer, real, flag].includes(option.type);
  if (!fits) throw new Error(`Option "${option.name}" does not take ${JSON.stringify(value)}: Discord's client would not send it.`);
  const isRanged = option.type === Integer || option.type === real;
  if (isRanged && typeof value === "number" && (value < (option.min_value ?? value) || value > (option.max_value ?? value)))
    throw new Error(`Option "${option.name}" takes ${option.min_value ?? ""}..${option.max_value ?? ""}, not ${value}.`);
  if ("choices" in option && option.choices?.length && !option.choices.some((choice) => choice.value === value))
    throw new Error(`Option "${option.name}" offers ${option.choices.map((choice) => choice.value).join(", ")}, not ${String(value)}.`);
}

/** Fills in a command's options as Discord's client does: names, types, ranges and choices checked. */
export function fillOptions(
  world: World,
  known: readonly APIApplicationCommandBasicOption[],
  values: Record<string, FakeOptionValue>,
  focused: string | null,
): Filled {
  const attachments: Filled["attachments"] = {};
  const options = Object.entries(values).map(([name, value]) => {
    const option = known.find((each) => each.name === name);
    if (option === undefined)
      throw new Error(`There is no option "${name}". There are: ${known.map((each) => each.name).join(", ") || "none"}.`);
    if (typeof value === "object") {
      const file = keep(world, value);
      attachments[file.id] = file;
      return { name, type: option.type, value: file.id };
    }
    if (name === focused) return { name, type: option.type, value, focused: true as const };
    checkValue(option, value);
    return { name, type: option.type, value };
  });
  const missing = known.find((option) => option.required === true && values[option.name] === undefined);
  if (focused === null && missing !== undefined) throw new Error(`Option "${missing.name}" must be filled in.`);
  return { options, attachments };
}
