import { setTimeout as wait } from "node:timers/promises";
import type { World } from "./world.ts";

const lookAgainMs = 20;

/** Resolves at the next change of the world, or after a moment: a condition may lie outside of it. */
async function nextLook(world: World): Promise<void> {
  const moment = new AbortController();
  const stop = world.watch(() => moment.abort());
  await wait(lookAgainMs, undefined, { signal: moment.signal }).catch(() => undefined);
  stop();
}

/** Waits until a condition gives something that is not undefined, null or false. */
export async function until<T>(world: World, what: string, condition: () => T | undefined | null | false, timeoutMs = 15_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = condition();
    if (found !== undefined && found !== null && found !== false) return found;
    if (performance.now() > deadline) {
      const faults = world.faults.length === 0 ? "" : `\nFaults so far:\n${world.faults.join("\n")}`;
      throw new Error(`Waited ${timeoutMs} ms in vain for: ${what}.${faults}`);
    }
    await nextLook(world);
  }
}
