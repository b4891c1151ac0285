import { basename } from "node:path";
import type { NamedPath } from "./init-answers.ts";

/** `data/GSM8K train.jsonl` → `gsm8k-train`: a name that fits in a config. */
export function nameOf(path: string): string {
  const last = basename(path.replace(/^(tiny-world|lm_eval):/, "").replace(/[?#].*$/, "")).replace(/\.(jsonl?|csv|parquet)$/i, "");
  const clean = last
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return clean === "" ? "data" : clean;
}

/** `math=data/test.jsonl` names it; `data/test.jsonl` is called after the file. */
export function parseNamedPath(text: string): NamedPath {
  const found = /^([A-Za-z0-9_-]+)=(.+)$/.exec(text);
  const [name, path] = [found?.[1], found?.[2]];
  return name === undefined || path === undefined ? { name: nameOf(text), path: text } : { name, path };
}
