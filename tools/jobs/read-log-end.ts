import { stat } from "node:fs/promises";
import { join } from "node:path";
import { readLog } from "../executors/read-log.ts";

/** Things go wrong at the end of a log. */
const endBytes = 64 * 1024;

/** The end of an attempt's log; empty when there is none. */
export async function readLogEnd(attemptDirectory: string): Promise<string> {
  const size = (await stat(join(attemptDirectory, "log.txt")).catch(() => null))?.size ?? 0;
  return (await readLog(attemptDirectory, Math.max(0, size - endBytes))).text;
}
