import { join } from "node:path";
import { execa } from "execa";
import type { z } from "zod";
import { TemperError } from "#src/errors.ts";

export interface TemperCall {
  root: string;
  args: readonly string[];
  /** Where each line of progress goes; null = nowhere. */
  print: ((line: string) => void) | null;
  /** Added to this process's environment. */
  environment?: Readonly<Record<string, string>>;
}

/** Runs the command line as a person would, and gives its wall time and what it printed. */
export async function runTemper({
  root,
  args,
  print,
  environment = {},
}: TemperCall): Promise<{ seconds: number; stdout: string; exitCode: number }> {
  const started = performance.now();
  const command = execa(process.execPath, [join(root, "bin/temper.js"), ...args], {
    cwd: root,
    reject: false,
    stdin: "ignore",
    env: environment,
  });
  if (print !== null) for await (const line of command.iterable({ from: "stderr" })) print(`  ${line}`);
  const { stdout, exitCode } = await command;
  return { seconds: (performance.now() - started) / 1000, stdout, exitCode: exitCode ?? -1 };
}

/** The JSON value that a command's output ends with; lines before it are events. */
function lastJson(stdout: string): unknown {
  const lines = stdout.trim().split("\n");
  const opening = lines.lastIndexOf("{");
  return JSON.parse(opening < 0 ? (lines.at(-1) ?? "") : lines.slice(opening).join("\n"));
}

/** Runs a command with `--json` and reads what it answers. */
export async function askTemper<Answer>(call: TemperCall, schema: z.ZodType<Answer>): Promise<{ seconds: number; answer: Answer }> {
  const { seconds, stdout, exitCode } = await runTemper({ ...call, args: [...call.args, "--json"] });
  if (exitCode !== 0) throw new TemperError("engine", `temper ${call.args.join(" ")} ended with ${exitCode}: ${stdout.slice(-400)}`);
  return { seconds, answer: schema.parse(lastJson(stdout)) };
}
