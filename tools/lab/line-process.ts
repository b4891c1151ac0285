import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { z } from "zod";
import { EnvironmentError } from "#src/errors.ts";

export interface LineProcess {
  /** Sends one line of JSON and reads one. Calls run one after the other. @throws EnvironmentError when the process ended. */
  ask<Answer>(request: unknown, schema: z.ZodType<Answer>): Promise<Answer>;
  /** Sends one line that is not answered. */
  tell(request: unknown): void;
  /** Ends its input and waits for its end. */
  close(): Promise<void>;
}

interface LineProgram {
  command: string;
  parameters: readonly string[];
  /** All that the program sees of an environment. */
  environment: Readonly<Record<string, string | undefined>>;
}

/** Starts a program that answers each line of its input with a line of JSON. What it says on stderr is kept for errors. */
export function startLineProcess({ command, parameters, environment }: LineProgram): LineProcess {
  const child = spawn(command, parameters, { stdio: ["pipe", "pipe", "pipe"], env: { ...environment } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = `${said}${text}`.slice(-4000);
  });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", (error) => {
      said += String(error);
      resolve();
    });
  });
  child.stdin.on("error", () => undefined); // The process has ended: the next answer says so.
  let queue: Promise<unknown> = Promise.resolve();
  const tell = (request: unknown) => void child.stdin.write(`${JSON.stringify(request)}\n`);
  return {
    tell,
    ask: (request, schema) => {
      const answer = queue.then(async () => {
        tell(request);
        const line = await lines.next();
        if (line.done === true) {
          await ended;
          throw new EnvironmentError(`${command} ${parameters.join(" ")} ended instead of answering: ${said.trim()}`, { said });
        }
        return schema.parse(JSON.parse(line.value));
      });
      queue = answer.catch(() => undefined);
      return answer;
    },
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
