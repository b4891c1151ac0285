import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Attempt } from "#tools/executors/executor.ts";
import { readClaim } from "#tools/executors/local/read-claim.ts";
import { readOutcome } from "#tools/jobs/read-outcome.ts";
import { testAttempt } from "../../tools/test-attempt.ts";
import type { ExecutorUnderTest } from "../executor.ts";
import type { ExecutorScene } from "./scene.ts";

type Engine = NonNullable<ExecutorUnderTest["engine"]>;

/** Promises of executors whose engine may die: it ends nothing by that, and what it is given meanwhile waits. */
export function describeEngineLoss({ place, executor, open, stateOf, reach, timeout }: ExecutorScene, engine: Engine): void {
  const patience = { timeout, interval: 50 };
  const startSleeping = async (name: string): Promise<Attempt> => {
    // A busy machine may take minutes to start an engine again.
    const attempt = await testAttempt(place(), name, "sleep_until_told", { wallSeconds: 1800 });
    await executor().submit(attempt);
    await expect
      .poll(async () => await readFile(join(attempt.directory, "log.txt"), "utf8").catch(() => ""), patience)
      .toContain("sleeping");
    return attempt;
  };

  describe("when its engine dies", () => {
    afterEach(async () => {
      await engine.up();
    });

    it("lets what runs go on, takes in what comes, and finishes both", { timeout: 900_000 }, async () => {
      const [running, next] = [await startSleeping("a"), await testAttempt(place(), "b")];
      await engine.stopHead();
      expect(await stateOf(running)).toBe("running");
      await executor().submit(next);
      expect(await stateOf(next)).toBe("queued");
      const restarted = await open();
      expect(await stateOf(running, restarted)).toBe("running");
      await engine.up();
      expect(await stateOf(running)).toBe("running");
      await reach(next, "succeeded");
      await writeFile(join(running.directory, "steps", "train", "go"), "");
      await reach(running, "succeeded");
      expect((await readOutcome(running.directory, "lost", "")).failure).toBeNull();
    });

    it("finds what ended meanwhile, well or badly", { timeout: 900_000 }, async () => {
      const [good, bad] = [await startSleeping("a"), await startSleeping("b")];
      await engine.stopHead();
      await writeFile(join(good.directory, "steps", "train", "go"), "");
      process.kill((await readClaim(bad.directory))?.pid ?? 0, "SIGKILL");
      await reach(good, "succeeded");
      expect(await stateOf(bad)).toBe("running");
      await engine.up();
      await reach(bad, "lost");
    });

    it("brings each attempt to one end whatever a crash made it forget", { timeout: 900_000 }, async () => {
      const [first, second] = await Promise.all([testAttempt(place(), "a", "work_a_little"), testAttempt(place(), "b", "work_a_little")]);
      await executor().submit(first);
      await executor().submit(second);
      await engine.killHead();
      await engine.up();
      for (const attempt of [first, second]) {
        await expect.poll(async () => await stateOf(attempt), patience).toMatch(/succeeded|lost/);
        const state = await stateOf(attempt);
        expect((await readOutcome(attempt.directory, "lost", "")).failure).toBe(state === "lost" ? "lost" : null);
        expect(await stateOf(attempt, await open())).toBe(state);
      }
    });
  });
}
