import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createRng } from "#src/policy/rng.ts";
import { createLocalExecutor } from "#tools/executors/local/create-local-executor.ts";
import { leftovers } from "#tools/executors/local/processes.ts";
import { readClaim } from "#tools/executors/local/read-claim.ts";
import { readOutcome } from "#tools/jobs/read-outcome.ts";
import { runJob } from "#tools/run-job.ts";
import { openTestHome, type TestHome, testKey, trainSpec } from "./test-home.ts";

let place: TestHome;
beforeEach(async () => {
  place = await openTestHome();
});
afterEach(async () => {
  await place.remove();
});

const pidSchema = z.object({ pid: z.int() });

/** Pids of one kind that can be killed now. */
async function victims(kind: "worker" | "runner" | "script"): Promise<number[]> {
  if (kind === "worker") {
    const card = await readFile(join(place.home, "worker", "worker.json"), "utf8").catch(() => null);
    return card === null ? [] : [pidSchema.parse(JSON.parse(card)).pid];
  }
  // What is lost or crashes twice is given up, and rightly so.
  const first = (await place.store.jobs.live()).filter(({ attempt }) => attempt.endsWith("-1"));
  const claims = await Promise.all(first.map(async ({ directory }) => await readClaim(directory)));
  const runners = claims.flatMap((claim) => (claim === null ? [] : [claim.pid]));
  if (kind === "runner") return runners;
  const children = await Promise.all(
    runners.map(async (pid) => await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "")),
  );
  return children.flatMap((text) =>
    text
      .split(" ")
      .filter((pid) => pid !== "")
      .map(Number),
  );
}

async function killOne(kind: "worker" | "runner" | "script", pick: (pids: number[]) => number | undefined): Promise<boolean> {
  const pid = pick(await victims(kind));
  if (pid === undefined) return false;
  try {
    process.kill(pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}

it("finishes every job once, whatever is killed meanwhile", { timeout: 120_000 }, async () => {
  const executor = await createLocalExecutor({
    home: place.home,
    python: resolve(".venv/bin/python"),
    store: place.store,
    host: hostname(),
    settings: { device: "cpu", cpu_slots: 2 },
    fixtureScripts: resolve("tests/fixtures/scripts"),
    workerIdleSeconds: 1,
  });
  const names = Array.from({ length: 10 }, (_, n) => `job ${n}`);
  const context = place.context(executor);
  const jobs = Promise.all(names.map(async (name) => await runJob(context, trainSpec(place.home, name, { train: "work_a_little" }))));
  const over = { now: false };
  const finished = jobs.finally(() => (over.now = true));
  const rng = createRng("kills");
  const pick = (pids: number[]) => (pids.length === 0 ? undefined : rng.pick(pids));
  const kinds = rng.shuffle(["worker", "runner", "script", "worker", "runner", "script"] as const);
  for (const kind of kinds) {
    await sleep(100 + rng.below(500));
    while (!over.now && !(await killOne(kind, pick))) await sleep(20);
  }
  const outcomes = await finished;
  await executor.close();

  expect(outcomes.map((outcome) => outcome.status)).toEqual(names.map(() => "ok"));
  expect(await place.store.jobs.live()).toEqual([]);
  expect(await place.store.devices.held(hostname())).toEqual([]);
  for (const name of names) {
    const rows = await place.store.jobs.ofKey(testKey(name));
    const replies = await Promise.all(rows.map(async ({ directory }) => (await readOutcome(directory, "lost", "")).replies));
    expect(replies.filter(({ train }) => train !== undefined).length, name).toBeLessThanOrEqual(1);
    expect(replies.filter(({ evaluate }) => evaluate !== undefined).length, name).toBe(1);
  }
  for (const attempt of await readdir(join(place.home, "jobs"))) {
    const directory = join(place.home, "jobs", attempt);
    const claim = await readClaim(directory);
    if (claim !== null) expect(await leftovers(claim, directory)).toEqual([]);
  }
});
