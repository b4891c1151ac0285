import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Size of all files below a directory in MiB. */
export function directoryMib(directory: string): number {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Math.round(files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0) / 2 ** 20);
}
