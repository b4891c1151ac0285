import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of this checkout. */
export const projectRoot = resolve(fileURLToPath(new URL("../..", import.meta.url)));

/** Python of the environment that set-up makes. */
export const venvPython = join(projectRoot, ".venv", "bin", "python");
