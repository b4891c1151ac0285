import type { Command } from "commander";
import { exitCodes, type ExitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** Options that every command has. */
export interface CommonOptions {
  json?: boolean;
  /** Folder of the database, models and jobs. */
  home: string;
}

/** What a command file gets: how to add itself to the program, and where to write. Loads nothing heavy: `--help` must be quick. */
export class CommandHost {
  readonly program: Command;
  readonly terminal: Terminal;
  /** The exit code of the command that ran. */
  exitCode: ExitCode = exitCodes.done;

  constructor(program: Command, terminal: Terminal) {
    this.program = program;
    this.terminal = terminal;
  }

  /** A new command with the options that all have. `examples` stand under its help. */
  add(usage: string, summary: string, examples: readonly string[]): Command {
    return this.program
      .command(usage)
      .summary(summary)
      .description(summary)
      .showHelpAfterError(`See: temper ${usage.split(" ")[0]} --help`)
      .option("--json", "print one JSON value instead of text")
      .option("--home <folder>", "folder of the database, models and jobs", this.terminal.env["TEMPER_HOME"] ?? ".temper")
      .addHelpText("after", `\nExample${examples.length > 1 ? "s" : ""}:\n${examples.map((line) => `  ${line}`).join("\n")}\n`);
  }

  /** Makes a commander action of a function that returns an exit code. */
  handle<Parameters extends unknown[]>(
    work: (...parameters: Parameters) => Promise<ExitCode>,
  ): (...parameters: Parameters) => Promise<void> {
    return async (...parameters) => {
      this.exitCode = await work(...parameters);
    };
  }

  print(text: string): void {
    this.terminal.out(text.endsWith("\n") ? text : `${text}\n`);
  }

  printJson(value: unknown): void {
    this.terminal.out(`${JSON.stringify(value, null, 2)}\n`);
  }
}
