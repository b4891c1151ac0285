import { createInterface } from "node:readline";
import { createRedactor } from "#src/create-redactor.ts";
import type { Terminal } from "./terminal.ts";

/** The starter and this process both get the terminal's Ctrl-C: two signals this close together are one. */
const samePressMs = 80;

/** The real terminal of this process. Everything written goes through the redactor. */
export function createProcessTerminal(): Terminal {
  const redact = createRedactor(process.env);
  // A reader that went away (`temper status | head -1`) is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  return {
    out: (text) => void process.stdout.write(redact(text)),
    err: (text) => void process.stderr.write(redact(text)),
    isInteractive: process.stdin.isTTY && process.stdout.isTTY,
    columns: () => (process.stdout.columns > 0 ? process.stdout.columns : 100),
    env: process.env,
    cwd: process.cwd(),
    now: () => new Date(),
    ask: askLine,
    lines: () => createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }),
    onInterrupt,
    leaveNow: (code) => process.exit(code),
  };
}

function askLine(question: string): Promise<string | null> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return Promise.resolve(null);
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  return new Promise((resolve) => {
    reader.on("close", () => resolve(null));
    // The reader takes Ctrl-C for itself; whoever listens to it, or nobody, is to have it.
    reader.on("SIGINT", () => {
      reader.close();
      process.kill(process.pid, "SIGINT");
    });
    reader.question(question, (answer) => {
      resolve(answer.trim());
      reader.close();
    });
  });
}

function onInterrupt(listener: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY;
  const handle = () => {
    const now = performance.now();
    if (now - last < samePressMs) return;
    last = now;
    listener();
  };
  process.on("SIGINT", handle);
  process.on("SIGTERM", handle);
  return () => {
    process.off("SIGINT", handle);
    process.off("SIGTERM", handle);
  };
}
