import { join } from "node:path";
import { execa } from "execa";

/** A conductor that was started as a process of its own. */
export interface Started {
  pid: number;
  /** Resolves when the process is gone. */
  gone: Promise<unknown>;
  hasEnded: boolean;
}

/**
 * Starts a conductor as a person would, on the bundled Node, where no launcher stands between: the pid is the conductor's.
 * @param environment Added to this process's own.
 * @param log A file to which what it says is added; undefined = nobody listens.
 */
export function startConductor(
  root: string,
  args: readonly string[],
  { environment = {}, log }: { environment?: Readonly<Record<string, string>>; log?: string } = {},
): Started {
  const output = log === undefined ? "ignore" : { file: log, append: true };
  const child = execa(join(root, "node_modules/node/bin/node"), [join(root, "bin/temper.js"), ...args], {
    cwd: root,
    env: environment,
    reject: false,
    stdin: "ignore",
    stdout: output,
    stderr: output,
  });
  const started: Started = { pid: child.pid ?? 0, gone: child, hasEnded: false };
  child.then(
    () => (started.hasEnded = true),
    () => (started.hasEnded = true),
  );
  return started;
}
