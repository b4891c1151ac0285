import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { describe, expect, it } from "vitest";
import type { Attempt, Executor } from "#tools/executors/executor.ts";
import { isAlive } from "#tools/executors/local/processes.ts";
import { type Claim, readClaim } from "#tools/executors/local/read-claim.ts";
import { readOutcome } from "#tools/jobs/read-outcome.ts";
import { testAttempt } from "../../tools/test-attempt.ts";
import { testKey } from "../../tools/test-home.ts";
import type { ExecutorScene } from "./scene.ts";

/** Another instance of the back end on a host that cannot see the processes of the first, and when it gives them up. */
export interface AfarExecutor {
  open(): Promise<Executor>;
  silenceMs: number;
}

/** Promises of executors whose attempts run on hosts that die, seen from another host. */
export function describeHostLoss({ place, executor, stateOf, reach, timeout }: ExecutorScene, afar: AfarExecutor): void {
  async function startSleeping(): Promise<{ attempt: Attempt; claim: Claim }> {
    const attempt = await testAttempt(place(), "a", "sleep_until_told");
    await executor().submit(attempt);
    const log = async () => await readFile(join(attempt.directory, "log.txt"), "utf8").catch(() => "");
    await expect.poll(log, { timeout, interval: 20 }).toContain("sleeping");
    const claim = await readClaim(attempt.directory);
    if (claim === null) throw new Error("nobody claimed it");
    return { attempt, claim };
  }

  describe("on a host that another one cannot see", () => {
    it("gives an attempt up that gives no sign, and takes nothing of what it does later", async () => {
      const { attempt, claim } = await startSleeping();
      const other = await afar.open();
      expect(await stateOf(attempt, other)).toBe("running");
      process.kill(claim.pid, "SIGSTOP");
      await writeFile(join(attempt.directory, "steps", "train", "go"), "");
      await expect.poll(() => existsSync(join(attempt.directory, "steps", "train", "result.json")), { timeout }).toBe(true);
      await reach(attempt, "lost", other);
      process.kill(claim.pid, "SIGCONT");
      await expect.poll(async () => await isAlive(claim), { timeout, interval: 20 }).toBe(false);
      expect(await readOutcome(attempt.directory, "cancelled", "")).toMatchObject({ outcome: "lost", failure: "lost", replies: {} });
      expect(existsSync(join(place().home, "models", testKey("a")))).toBe(false);
      await other.submit(attempt);
      expect([await stateOf(attempt), await stateOf(attempt, other)]).toEqual(["lost", "lost"]);
    });

    it("lets an attempt go on as long as its heart beats", async () => {
      const { attempt } = await startSleeping();
      const other = await afar.open();
      const started = performance.now();
      // Faster than a runner's, for a silence that is so much shorter.
      for (let beat = 0; performance.now() < started + 2 * afar.silenceMs; beat++) {
        await writeFile(join(attempt.directory, "heartbeat"), String(beat));
        expect(await stateOf(attempt, other)).toBe("running");
      }
      await executor().cancel(attempt);
    });
  });
}
