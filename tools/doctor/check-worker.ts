import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { z } from "zod";
import { type Finding, note, ok } from "./finding.ts";

const cardSchema = z.object({ pid: z.int(), socket: z.string() });
const answerMs = 2000;

async function readCard(home: string): Promise<z.infer<typeof cardSchema> | null> {
  try {
    return cardSchema.parse(JSON.parse(await readFile(join(home, "worker", "worker.json"), "utf8")));
  } catch {
    return null;
  }
}

/** Whether the home's warm worker answers on its socket; one that does not is replaced by the next job. */
export async function checkWorker(home: string): Promise<Finding> {
  const card = await readCard(home);
  if (card === null) return note("warm worker", "not running; the first job starts it");
  return new Promise((resolve) => {
    const socket = connect(card.socket);
    const end = (finding: Finding) => {
      socket.destroy();
      resolve(finding);
    };
    socket.setTimeout(answerMs, () => end(note("warm worker", `process ${card.pid} does not answer; the next job starts another`)));
    socket.once("connect", () => end(ok("warm worker", `running as process ${card.pid}`)));
    socket.once("error", () => end(note("warm worker", "ended; the next job starts another")));
  });
}
