import { CommanderError } from "commander";
import { createProgram } from "./create-program.ts";
import { exitCodes, type ExitCode } from "./exit-code.ts";
import { reportError } from "./report-error.ts";
import type { Terminal } from "./terminal.ts";

function homeOf(parameters: readonly string[], terminal: Terminal): string {
  const inline = parameters.find((parameter) => parameter.startsWith("--home="))?.slice("--home=".length);
  const place = parameters.indexOf("--home");
  return inline ?? (place >= 0 ? parameters[place + 1] : undefined) ?? terminal.env["TEMPER_HOME"] ?? ".temper";
}

/** Runs one command line to its end and gives the exit code. Never throws. */
export async function runTerminal(parameters: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const host = createProgram(terminal);
  if (parameters.length === 0) {
    terminal.out(host.program.helpInformation());
    return exitCodes.done;
  }
  try {
    await host.program.parseAsync([...parameters], { from: "user" });
    return host.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUse;
    return reportError(error, { terminal, json: parameters.includes("--json"), home: homeOf(parameters, terminal) });
  }
}
