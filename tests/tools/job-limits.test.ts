import { afterEach, beforeEach, expect, it } from "vitest";
import { runConfigSchema } from "#src/config/run-config.ts";
import { jobLimits } from "#tools/jobs/job-limits.ts";
import { openTestHome, type TestHome, testRun } from "./test-home.ts";

let place: TestHome;
beforeEach(async () => {
  place = await openTestHome();
});
afterEach(async () => {
  await place.remove();
});

it.each([
  [{ kind: "local" }, 1000, "its limit"],
  [{ kind: "slurm" }, 1180, "time to load its libraries"],
  [{ kind: "ray" }, 1180, "time to load its libraries"],
  [{ kind: "slurm", time: "15" }, 840, "a minute less than Slurm allows"],
  [{ kind: "slurm", time: "1" }, 30, "half of what Slurm allows, where that is short"],
])("gives a job under %j %i s: %s", async (executor, seconds, _why) => {
  const estimate = { deviceHoursP50: 1, deviceHoursP90: 1, usdP50: 0, usdP90: 0, wallSecondsP90: 800, basis: "a test" };
  const run = testRun("r2", { executor: runConfigSchema.shape.executor.parse(executor) });
  const limits = await jobLimits(place.store, run, { estimate, approvalId: null }, null);
  expect(limits.wall_seconds).toBe(seconds);
});
