import { readExit } from "../jobs/attempt-files.ts";
import type { AttemptStatus } from "./executor.ts";

/** What an attempt's exit record says, whatever the engine thinks; null while there is none. A record that cannot be read is a failure. */
export async function statusOfExit(directory: string): Promise<AttemptStatus | null> {
  try {
    const exit = await readExit(directory);
    if (exit === null) return null;
    if (exit.outcome === "finished") return { state: "succeeded", detail: exit.detail };
    return { state: exit.outcome === "cancelled" || exit.outcome === "lost" ? exit.outcome : "failed", detail: exit.detail };
  } catch (error) {
    return { state: "failed", detail: error instanceof Error ? error.message : String(error) };
  }
}
