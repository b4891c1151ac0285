import { execa } from "execa";

/** A process that was started to outlive this one, as long as this one lives to see it. */
export interface DetachedProcess {
  hasEnded: boolean;
  exitCode: number | null;
}

/** What to start. */
export interface DetachedCommand {
  /** Program and arguments. */
  command: readonly [string, ...string[]];
  /** The whole environment. */
  environment: Record<string, string>;
  cwd: string;
  /** File that its output is appended to. */
  log: string;
}

/** Opens the log in the new process itself: no pipe to this process, whose end would then end the other. */
const openLog = 'exec >>"$0" 2>&1; exec "$@"';

/** Starts a process in a session of its own that goes on when this process ends, however it ends. */
export function startDetached({ command, environment, cwd, log }: DetachedCommand): DetachedProcess {
  const started: DetachedProcess = { hasEnded: false, exitCode: null };
  const subprocess = execa("/bin/sh", ["-c", openLog, log, ...command], {
    env: environment,
    extendEnv: false,
    cwd,
    stdio: "ignore",
    detached: true,
    cleanup: false,
    reject: false,
  });
  subprocess.nodeChildProcess.unref();
  void subprocess.then(({ exitCode }) => Object.assign(started, { hasEnded: true, exitCode: exitCode ?? null }));
  return started;
}
