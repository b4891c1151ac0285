import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { readOutcome } from "#tools/jobs/read-outcome.ts";
import { testAttempt } from "../../tools/test-attempt.ts";
import type { ExecutorScene } from "./scene.ts";

const isRoot = process.getuid?.() === 0;

/** A full disk is told apart from a crash, and what else runs there is not taken for failed. */
export function describeFullDisk({ place, executor, reach }: ExecutorScene, kind: "real" | "played"): void {
  it.skipIf(kind === "real" && !isRoot)("says that the disk is full", async () => {
    const jobs = join(place().home, "jobs");
    await mkdir(jobs, { recursive: true });
    if (kind === "real") await execa("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", jobs]);
    try {
      const attempt = await testAttempt(place(), "a", "fill_disk");
      await executor().submit(attempt);
      await reach(attempt, "failed");
      expect(await readOutcome(attempt.directory, "lost", "")).toMatchObject({ failure: "disk_full", replies: {} });
    } finally {
      if (kind === "real") await execa("umount", ["--lazy", jobs]);
    }
  });
}
