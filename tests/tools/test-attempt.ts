import { join } from "node:path";
import type { Attempt } from "#tools/executors/executor.ts";
import { writeAttempt } from "#tools/jobs/write-attempt.ts";
import { evaluateStep, type TestHome, testKey, trainStep } from "./test-home.ts";

/** Writes an attempt that trains and evaluates; `steps` leaves one of them out. */
export async function testAttempt(
  place: TestHome,
  name: string,
  behaviour: string = "ok",
  { wallSeconds = 60, steps = ["train", "evaluate"] }: { wallSeconds?: number; steps?: readonly ("train" | "evaluate")[] } = {},
): Promise<Attempt> {
  const key = testKey(name);
  const attempt = `${key.slice(0, 16)}-1`;
  return await writeAttempt({
    home: place.home,
    job: { attempt, key, directory: join(place.home, "jobs", attempt) },
    steps: [trainStep(key, behaviour), evaluateStep(key, place.home)].filter((step) => steps.includes(step.name)),
    device: { kind: "cpu", perJob: 1 },
    limits: { wall_seconds: wallSeconds, memory_mib: null, disk_mib: null },
    resumeFrom: null,
  });
}
