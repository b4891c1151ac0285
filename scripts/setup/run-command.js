import { spawn } from "node:child_process";

const keptCharacters = 20_000;

/**
 * Runs a program to its end. Gives `{ code, output }` with the last part of what it printed; a program that is not
 * there gives code 127. `onLine` sees each line as it comes. An abort ends the program and what it started: it has a
 * process group of its own.
 */
export function runCommand(program, parameters, { cwd, env, onLine, signal } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    let output = "";
    let partial = "";
    const take = (chunk) => {
      const text = chunk.toString();
      output = (output + text).slice(-keptCharacters);
      const lines = (partial + text).split(/\r?\n|\r/);
      partial = lines.pop() ?? "";
      for (const line of lines) onLine?.(line);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const stop = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
      } catch {
        // The group is gone already.
      }
    };
    signal?.addEventListener("abort", stop, { once: true });
    const end = (code) => {
      signal?.removeEventListener("abort", stop);
      resolve({ code, output });
    };
    child.on("error", (error) => {
      output += `${error.message}\n`;
      end(127);
    });
    child.on("close", (code) => end(code ?? 1));
  });
}
