import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, resolve } from "node:path";

const dataFile = /\.(jsonl|json|csv|tsv|parquet|arrow|txt|yaml|yml)$/i;

/** Whether a path can only be meant for this machine: `./x`, `/x`, `a/b/c` or a data file. `owner/name` may be a hub id. */
function isPlainlyLocal(path: string): boolean {
  return /^(\.{0,2}\/|~\/|\.{1,2}$)/.test(path) || dataFile.test(path) || path.split("/").length > 2;
}

/** A path of a config: made absolute when it is on this machine, left alone when it is a hub id or `tiny-world:…`. */
export type SourcePath = { where: "here" | "elsewhere"; path: string } | { where: "missing"; path: string };

/** Finds what a config's path means, seen from the config's own directory. */
export function sourcePath(path: string, directory: string): SourcePath {
  if (/^[a-z][a-z-]+:/i.test(path)) return { where: "elsewhere", path };
  const home = path.startsWith("~/") ? resolve(homedir(), path.slice(2)) : path;
  const absolute = isAbsolute(home) ? home : resolve(directory, home);
  if (existsSync(absolute)) return { where: "here", path: absolute };
  return isPlainlyLocal(path) ? { where: "missing", path: absolute } : { where: "elsewhere", path };
}
