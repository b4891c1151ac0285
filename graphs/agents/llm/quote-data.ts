/** Wraps what records, configs and models say so that it stands before a model as data: it cannot end the wrapping. */
export function quoteData(text: string, tag: "data" | "records" = "data"): string {
  return `<${tag}>\n${text.replaceAll(new RegExp(String.raw`<(?=/?\s*${tag}\b)`, "gi"), "‹")}\n</${tag}>`;
}
