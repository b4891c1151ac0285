import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeJson } from "../../tools/test-home.ts";
import type { Attempt } from "#tools/executors/executor.ts";
import { leftovers } from "#tools/executors/local/processes.ts";
import { type Claim, readClaim } from "#tools/executors/local/read-claim.ts";
import { readOutcome } from "#tools/jobs/read-outcome.ts";
import { testAttempt } from "../../tools/test-attempt.ts";
import type { ConductorStart } from "../executor.ts";
import type { ExecutorScene } from "./scene.ts";

type Directory = Pick<Attempt, "directory">;

const logOf = async ({ directory }: Directory) => await readFile(join(directory, "log.txt"), "utf8").catch(() => "");

async function claimOf({ directory }: Directory): Promise<Claim> {
  const claim = await readClaim(directory);
  if (claim === null) throw new Error(`nobody claimed ${directory}`);
  return claim;
}

/** Promises of executors that start processes: what becomes of them when somebody dies. */
export function describeProcesses(
  { place, executor, open, stateOf, reach, timeout }: ExecutorScene,
  conductor: () => ConductorStart,
): void {
  const patience = { timeout, interval: 20 };
  const startSleeping = async (name: string, behaviour: string) => {
    const attempt = await testAttempt(place(), name, behaviour);
    await executor().submit(attempt);
    await expect.poll(async () => await logOf(attempt), patience).toContain("sleeping");
    return attempt;
  };

  describe("and its processes", () => {
    it("calls an attempt lost whose runner was killed, and leaves nothing of it", async () => {
      const attempt = await startSleeping("a", "sleep");
      const claim = await claimOf(attempt);
      process.kill(claim.pid, "SIGKILL");
      await reach(attempt, "lost");
      await expect.poll(async () => await leftovers(claim, attempt.directory), patience).toEqual([]);
      await executor().submit(attempt);
      expect(await stateOf(attempt, await open())).toBe("lost");
      expect(await readOutcome(attempt.directory, "lost", "")).toMatchObject({ failure: "lost", replies: {} });
    });

    it("says that a script was killed, and by what", async () => {
      const attempt = await testAttempt(place(), "a", "kill");
      await executor().submit(attempt);
      await reach(attempt, "failed");
      expect(await readOutcome(attempt.directory, "lost", "")).toMatchObject({
        failure: "crashed",
        detail: expect.stringContaining("SIGKILL"),
      });
    });

    it("leaves no process behind when it cancels", async () => {
      const attempt = await startSleeping("a", "grandchild_sleep");
      const claim = await claimOf(attempt);
      await executor().cancel(attempt);
      expect(await leftovers(claim, attempt.directory)).toEqual([]);
    });

    it("hands no secret to a job", async () => {
      const attempt = await testAttempt(place(), "a", "environment");
      await executor().submit(attempt);
      await reach(attempt, "succeeded");
      const log = await logOf(attempt);
      expect(log).toContain("ENVIRONMENT");
      expect(log).not.toContain("planted");
    });

    it("goes on when its conductor is killed, for the next one to adopt", async () => {
      const { executor: settings, environment } = conductor();
      const file = join(place().home, "executor.json");
      await writeJson(file, settings);
      const args = ["tests/fixtures/wait-for-job.ts", place().home, "a", "sleep_until_told", file];
      const child: ChildProcess = spawn(process.execPath, args, { stdio: "ignore", env: { ...process.env, ...environment } });
      try {
        await expect.poll(async () => (await place().store.jobs.live())[0]?.state, patience).toBe("submitted");
        const [job] = await place().store.jobs.live();
        const attempt = { id: job?.attempt ?? "", directory: job?.directory ?? "" };
        await expect.poll(async () => await logOf(attempt), patience).toContain("sleeping");
        child.kill("SIGKILL");
        await once(child, "exit");
        const claim = await claimOf(attempt);
        const adopter = await open();
        expect(await stateOf(attempt, adopter)).toBe("running");
        await writeFile(join(attempt.directory, "steps", "train", "go"), "");
        await expect.poll(async () => await stateOf(attempt, adopter), patience).toBe("succeeded");
        expect(await claimOf(attempt)).toEqual(claim);
      } finally {
        child.kill("SIGKILL");
      }
    });
  });
}
