import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEngineExecutor, type EnginePatience } from "#tools/executors/engine/create-engine-executor.ts";
import type { EngineState } from "#tools/executors/engine/engine.ts";
import { writeTicket } from "#tools/executors/engine/ticket.ts";
import type { Attempt, Executor } from "#tools/executors/executor.ts";
import { recordEnd } from "#tools/executors/record-end.ts";
import { createScriptedExecutor } from "#tools/executors/scripted/create-scripted-executor.ts";
import { readOutcome } from "#tools/jobs/read-outcome.ts";
import { testAttempt } from "../../test-attempt.ts";
import { openTestHome, type TestHome } from "../../test-home.ts";
import { claimElsewhere, FakeEngine } from "./fake-engine.ts";

const patience = { timeout: 10_000, interval: 5 };
let place: TestHome;
let engine: FakeEngine;
let attempt: Attempt;
const opened: Executor[] = [];

beforeEach(async () => {
  place = await openTestHome();
  engine = new FakeEngine();
  attempt = await testAttempt(place, "a");
});
afterEach(async () => {
  for (const executor of opened.splice(0)) await executor.close();
  await place.remove();
});

/** Patient by default: what shall happen in time is told. */
function open(shortened: Partial<EnginePatience> = {}): Executor {
  const executor = createEngineExecutor({
    engine,
    device: { kind: "cpu", perJob: 1 },
    host: "login-1",
    directory: dirname(attempt.directory),
    local: createScriptedExecutor(),
    writeScript: async ({ directory }) => join(directory, "job.sh"),
    patience: { refreshMs: 0, retryMs: 5, stuckMs: 60_000, graceMs: 60_000, cancelMs: 1000, ...shortened },
  });
  opened.push(executor);
  return executor;
}

const statusOf = async (executor: Executor, of: Attempt = attempt) => (await executor.status([of])).get(of.id);
const outcomeOf = async (state: "lost" | "rejected" = "lost") => await readOutcome(attempt.directory, state, "");

describe("an engine that does not answer", () => {
  it("ends nothing", async () => {
    const executor = open({ graceMs: 0 });
    await executor.submit(attempt);
    await claimElsewhere(attempt);
    engine.isDown = true;
    expect(await statusOf(executor)).toEqual({ state: "running", detail: "The engine does not answer" });
    expect(await statusOf(open({ graceMs: 0 }))).toMatchObject({ state: "running" });
  });

  it("gets what was submitted meanwhile, once, when it is back", async () => {
    const executor = open();
    engine.isDown = true;
    await Promise.all([executor.submit(attempt), executor.submit(attempt)]);
    expect(await statusOf(executor)).toEqual({ state: "queued", detail: "The engine does not answer" });
    engine.isDown = false;
    await expect.poll(async () => (await statusOf(executor))?.detail, patience).toBe("waits (Priority)");
    expect(engine.submitted).toEqual([attempt.id]);
  });

  it("never gets what was cancelled meanwhile", async () => {
    const executor = open();
    engine.isDown = true;
    await executor.submit(attempt);
    await executor.cancel(attempt);
    expect(await statusOf(executor)).toMatchObject({ state: "cancelled" });
    engine.isDown = false;
    const other = await testAttempt(place, "b");
    await executor.submit(other);
    await expect.poll(() => engine.submitted, patience).toEqual([other.id]);
  });
});

describe("a conductor that died", () => {
  const ticket = { engine: "slurm", job: null, submitted_at: 1, misfires: 0, verdict: null } as const;

  it("between intent and submission has its attempt submitted again", async () => {
    await writeTicket(attempt.directory, ticket);
    const executor = open();
    expect(await statusOf(executor)).toMatchObject({ state: "unknown" });
    await executor.submit(attempt);
    expect(engine.submitted).toEqual([attempt.id]);
  });

  it("after the submission has its job found by name", async () => {
    await writeTicket(attempt.directory, ticket);
    engine.say(attempt.id, "running");
    const executor = open();
    await executor.submit(attempt);
    expect(engine.submitted).toEqual([]);
    expect(await statusOf(executor)).toMatchObject({ state: "running" });
  });

  it("leaves what was decided to the next one", async () => {
    engine.answer = { kind: "rejected", why: "there is no partition x" };
    await open().submit(attempt);
    const next = open();
    await next.submit(attempt);
    expect(await statusOf(next)).toEqual({ state: "rejected", detail: "there is no partition x" });
    expect(engine.submitted).toHaveLength(1);
    expect((await outcomeOf("rejected")).failure).toBe("did_not_fit");
  });
});

describe("what the engine says", () => {
  it.each<EngineState>(["ended", "cancelled", "timeout", "out_of_memory", "lost"])(
    "is not believed before the record had time to come: %s",
    async (state) => {
      const executor = open();
      await executor.submit(attempt);
      await claimElsewhere(attempt);
      engine.say(attempt.id, state);
      expect(await statusOf(executor)).toMatchObject({ state: "running" });
    },
  );

  it.each([
    ["timeout", "failed", "timeout"],
    ["out_of_memory", "failed", "out_of_memory"],
    ["lost", "lost", "lost"],
    ["cancelled", "lost", "lost"],
    ["ended", "lost", "lost"],
  ] as const)("counts after the grace where the runner left no record: %s", async (said, state, failure) => {
    const executor = open({ graceMs: 0 });
    await executor.submit(attempt);
    await claimElsewhere(attempt);
    engine.say(attempt.id, said, `job 7 on node-7 is ${said}`);
    expect(await statusOf(executor)).toMatchObject({ state, detail: expect.stringContaining("node-7") });
    engine.jobs.clear();
    expect(await statusOf(open({ graceMs: 0 }))).toMatchObject({ state });
    expect((await outcomeOf()).failure).toBe(failure);
  });

  it("counts as lost when it forgot the job, and a runner that is still alive shall leave no reply", async () => {
    const executor = open({ graceMs: 0 });
    await executor.submit(attempt);
    await claimElsewhere(attempt);
    engine.jobs.clear();
    expect(await statusOf(executor)).toMatchObject({ state: "lost" });
    expect(await readFile(join(attempt.directory, "cancel"), "utf8")).toBe("lost\n");
  });

  it("is not believed to have lost a job that it forgot, as long as the heart of its runner beats", async () => {
    const graceMs = 800;
    const executor = open({ graceMs });
    await executor.submit(attempt);
    await claimElsewhere(attempt);
    engine.jobs.clear();
    const started = performance.now();
    for (let beat = 0; performance.now() < started + 2 * graceMs; beat++) {
      await writeFile(join(attempt.directory, "heartbeat"), String(beat));
      expect(await statusOf(executor)).toEqual({ state: "running", detail: "on node-7, by its heartbeat" });
    }
    await expect.poll(async () => (await statusOf(executor))?.state, patience).toBe("lost");
    await writeFile(join(attempt.directory, "heartbeat"), "late");
    expect(await statusOf(open({ graceMs }))).toMatchObject({ state: "lost" });
  });

  it("keeps a job that never started from starting late", async () => {
    const executor = open({ graceMs: 0 });
    await executor.submit(attempt);
    engine.jobs.clear();
    expect(await statusOf(executor)).toMatchObject({ state: "lost" });
    expect(existsSync(join(attempt.directory, "claim.json"))).toBe(true);
  });

  it("tells a runner that could not start from one that was lost", async () => {
    const executor = open({ graceMs: 0 });
    await executor.submit(attempt);
    await writeFile(join(attempt.directory, "log.txt"), "module: command not found\n");
    engine.say(attempt.id, "ended");
    expect(await statusOf(executor)).toMatchObject({ state: "rejected", detail: expect.stringContaining("command not found") });
    expect(engine.submitted).toHaveLength(1);
  });

  it("is taken again where the engine ended the job before anything of it ran, twice at most", async () => {
    for (const submissions of [1, 2, 3]) {
      // Each time by another conductor, to which the ticket says how often.
      const executor = open({ graceMs: 0 });
      await executor.submit(attempt);
      expect(engine.submitted).toHaveLength(submissions);
      expect(await statusOf(executor)).toMatchObject({ state: "queued" });
      engine.say(attempt.id, "ended");
      if (submissions < 3) expect(await statusOf(open({ graceMs: 0 }))).toMatchObject({ state: "unknown" });
    }
    const executor = open({ graceMs: 0 });
    expect(await statusOf(executor)).toMatchObject({ state: "rejected", detail: expect.stringContaining("look whether the nodes see") });
    await executor.submit(attempt);
    expect(engine.submitted).toHaveLength(3);
  });

  it("is not handed a second time to an engine that knows an id for good", async () => {
    engine.takesAgain = false;
    const executor = open({ graceMs: 0 });
    await executor.submit(attempt);
    engine.say(attempt.id, "ended");
    expect(await statusOf(executor)).toMatchObject({ state: "rejected" });
  });

  it("is reported, and the job ended, when it waits for what cannot come", async () => {
    const executor = open({ stuckMs: 0 });
    await executor.submit(attempt);
    engine.say(attempt.id, "stuck", "no node has 64 CPUs");
    expect(await statusOf(executor)).toEqual({ state: "rejected", detail: "no node has 64 CPUs" });
    expect(engine.ended).toEqual([attempt.id]);
  });

  it("counts for nothing beside an exit record", async () => {
    const executor = open({ graceMs: 0 });
    await executor.submit(attempt);
    await executor.cancel(attempt);
    engine.say(attempt.id, "running");
    expect(await statusOf(executor)).toMatchObject({ state: "cancelled" });
    await rm(join(attempt.directory, "engine.json"));
    expect(await statusOf(open())).toMatchObject({ state: "cancelled" });
  });
});

describe("a job that the engine takes for running though its attempt is over", () => {
  const sweepOften = { sweepMs: 5, overMs: 0 };

  it("is ended, whoever submitted it; one that runs is not", async () => {
    const other = await testAttempt(place, "b");
    for (const each of [attempt, other]) {
      await open().submit(each);
      engine.say(each.id, "running");
    }
    await recordEnd(attempt, "crashed", "of itself");
    open(sweepOften);
    await expect.poll(() => engine.ended, patience).toEqual([attempt.id]);
  });

  it("is left alone while it may be just ending, and ended at the latest when the executor closes", async () => {
    const executor = open({ sweepMs: 5 });
    await executor.submit(attempt);
    engine.say(attempt.id, "running");
    await recordEnd(attempt, "crashed", "of itself");
    await sleep(50);
    expect(engine.ended).toEqual([]);
    await executor.close();
    expect(engine.ended).toEqual([attempt.id]);
  });

  it("is looked for again after the engine did not answer", async () => {
    const executor = open(sweepOften);
    await executor.submit(attempt);
    engine.say(attempt.id, "running");
    engine.isDown = true;
    await recordEnd(attempt, "crashed", "of itself");
    await sleep(50);
    engine.isDown = false;
    await expect.poll(() => engine.ended, patience).toEqual([attempt.id]);
  });
});

it("asks once for all attempts that are looked at together", async () => {
  const executor = open({ refreshMs: 60_000 });
  const others = await Promise.all(["b", "c", "d"].map(async (name) => await testAttempt(place, name)));
  for (const each of [attempt, ...others]) await executor.submit(each);
  const before = engine.questions;
  await executor.status([attempt, ...others]);
  await executor.status([attempt, ...others]);
  expect(engine.questions - before).toBeLessThanOrEqual(2);
});
