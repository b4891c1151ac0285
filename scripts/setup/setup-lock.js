import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { explainFailure } from "./setup-error.js";

function holderOf(file) {
  try {
    return Number.parseInt(readFileSync(file, "utf8"), 10);
  } catch {
    return Number.NaN;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function tryLock(file) {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw explainFailure("Set-up", String(error));
  }
}

/**
 * Takes the lock of this checkout, so that two set-ups never write the same folders; waits while another live one holds
 * it. Returns the function that gives it back.
 */
export async function takeSetupLock(root, { onWait, signal, pollMs = 500 }) {
  const directory = join(root, ".cache");
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw explainFailure("Set-up", String(error));
  }
  const file = join(directory, "setup.lock");
  let told = false;
  while (!tryLock(file)) {
    const holder = holderOf(file);
    if (Number.isInteger(holder) && isAlive(holder)) {
      if (!told) onWait(holder);
      told = true;
    } else {
      // Nobody is behind it: a set-up was killed. Give a holder that is just writing its pid the time to finish.
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (!isAlive(holderOf(file))) rmSync(file, { force: true });
      continue;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    signal?.throwIfAborted();
  }
  return () => rmSync(file, { force: true });
}
