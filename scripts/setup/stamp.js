import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const stampName = ".temper-setup.json";

/** sha256 of a lock file: what an installation is compared with. */
export function lockHash(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** Whether the installation in `directory` was completed from this very lock. */
export function isStamped(directory, lock) {
  try {
    return JSON.parse(readFileSync(join(directory, stampName), "utf8")).lock === lock;
  } catch {
    return false;
  }
}

/** Notes that the installation in `directory` is complete. Written last, so an interrupted one is never taken for whole. */
export function writeStamp(directory, lock) {
  writeFileSync(join(directory, stampName), `${JSON.stringify({ lock })}\n`);
}
