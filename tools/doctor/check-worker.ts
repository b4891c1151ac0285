import { existsSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { type Finding, note, ok } from "./finding.ts";

/** Whether a warm worker answers on its socket; one that does not is started anew by the next job. */
export function checkWorker(home: string): Promise<Finding> {
  const path = join(home, "worker", "worker.sock");
  if (!existsSync(path)) return Promise.resolve(note("warm worker", "not running; the first job starts it"));
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (finding: Finding) => {
      socket.destroy();
      resolve(finding);
    };
    socket.setTimeout(2000, () => end(note("warm worker", "does not answer; the next job starts another")));
    socket.once("connect", () => end(ok("warm worker", "running")));
    socket.once("error", () => end(note("warm worker", "was stopped; the next job starts another")));
  });
}
