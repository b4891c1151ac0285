import { once } from "node:events";
import { join } from "node:path";
import { execa } from "execa";
import type { BotSettings } from "./bot-settings.ts";

/** A bot process under way. */
export interface BotProcess {
  pid: number;
  /** Resolves when it answers; rejects with what it wrote when it ends before. */
  ready: Promise<void>;
  /** Ends it without a chance to tidy up. */
  kill(): Promise<void>;
}

/** Starts the bot in a process of its own. */
export function startBot(root: string, settings: BotSettings): BotProcess {
  const child = execa(process.execPath, [join(root, "bench/discord/bot-process.ts"), JSON.stringify(settings)], {
    cwd: root,
    reject: false,
    stdin: "ignore",
    buffer: { stdout: false, stderr: true },
  });
  const gone = child.then(({ stderr }) => stderr);
  const died = async () => {
    throw new Error(`The bot ended before it was ready: ${(await gone).slice(-500)}`);
  };
  const ready = Promise.race([once(child.stdout, "data").then(() => undefined), died()]);
  ready.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    ready,
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}
