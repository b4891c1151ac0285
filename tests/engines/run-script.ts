import { fileURLToPath } from "node:url";
import { execa } from "execa";

const missingExit = 4;

/** A script beside this file failed; `isMissing` = this machine cannot have the engine. */
export class EngineStartError extends Error {
  readonly isMissing: boolean;

  constructor(script: string, exitCode: number | undefined, stderr: string) {
    super(`${script} ended with ${exitCode ?? "a signal"}: ${stderr.trim().split("\n").slice(-8).join("\n")}`);
    this.isMissing = exitCode === missingExit;
  }
}

/** Runs a script of this folder; returns what it printed. @throws EngineStartError. */
export async function runScript(
  script: string,
  directory: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<string> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  // Daemons keep the pipes open that they inherit, so the output goes to files' ends that nobody waits for.
  const { exitCode, stdout, stderr } = await execa(file, [directory], { env: environment, reject: false, stdin: "ignore" });
  if (exitCode !== 0) throw new EngineStartError(script, exitCode, stderr);
  return stdout.trim();
}
