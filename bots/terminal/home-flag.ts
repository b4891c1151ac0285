import { relative } from "node:path";
import type { OpenedHome } from "./home.ts";
import type { Terminal } from "./terminal.ts";

/** ` --home elsewhere`, for commands that are suggested; empty where they find this home by themselves. */
export function homeFlag(terminal: Terminal, { home }: OpenedHome): string {
  const path = relative(terminal.cwd, home);
  return path === (terminal.env["TEMPER_HOME"] ?? ".temper") ? "" : ` --home ${path === "" ? "." : path}`;
}
