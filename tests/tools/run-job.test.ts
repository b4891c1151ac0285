import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Action, fullFidelity } from "#src/action/action.ts";
import { cancelJob } from "#tools/cancel-job.ts";
import type { Fault } from "#tools/executors/scripted/behaviour.ts";
import type { Executor } from "#tools/executors/executor.ts";
import { createScriptedExecutor } from "#tools/executors/scripted/create-scripted-executor.ts";
import { runJob } from "#tools/run-job.ts";
import { openTestHome, type TestHome, testKey, testRun, trainSpec } from "./test-home.ts";

let place: TestHome;
beforeEach(async () => {
  place = await openTestHome();
});
afterEach(async () => {
  await place.remove();
});

/** An executor whose attempts fail in this order; those after it succeed. */
function failing(...faults: (Fault | null)[]) {
  return createScriptedExecutor({ behaviour: { fault: (_, nth) => faults[nth - 1] ?? null } });
}

describe("runJob", () => {
  it("answers with both replies and records the job", async () => {
    const executor = failing();
    const outcome = await runJob(place.context(executor), trainSpec(place.home, "a"));
    expect(outcome).toMatchObject({ status: "ok", attempts: [`${testKey("a").slice(0, 16)}-1`] });
    expect(outcome).toHaveProperty("replies.train.metrics.steps", 80);
    expect(outcome).toHaveProperty("replies.evaluate.metrics.tasks.0.items", 200);
    const [job] = await place.store.jobs.ofKey(testKey("a"));
    expect(job).toMatchObject({ state: "finished", outcome: "finished", failure: null, purpose: "train", work: 2000 });
  });

  it("starts no job for what is known, also when another run asks", async () => {
    const executor = failing();
    await runJob(place.context(executor), trainSpec(place.home, "a"));
    await place.store.runs.create(testRun("r2"));
    const again = await runJob(place.context(executor), { ...trainSpec(place.home, "a"), run: "r2" });
    expect(again).toMatchObject({ status: "ok", attempts: [] });
    expect(executor.submitted).toHaveLength(1);
  });

  it("only evaluates when the model is known already", async () => {
    const executor = failing();
    const spec = trainSpec(place.home, "a");
    await runJob(place.context(executor), { ...spec, steps: spec.steps.slice(0, 1) });
    expect(await runJob(place.context(executor), spec)).toMatchObject({ status: "ok", attempts: [expect.stringMatching(/-2$/)] });
    const jobs = await place.store.jobs.ofKey(spec.key);
    expect(jobs.map((job) => [job.purpose, job.actionType])).toEqual([
      ["train", "sft"],
      ["evaluate", "evaluate"],
    ]);
  });

  it("gives callers of one key one attempt", async () => {
    const executor = createScriptedExecutor({ behaviour: { seconds: () => 0.05 } });
    const context = place.context(executor);
    const outcomes = await Promise.all(Array.from({ length: 5 }, async () => await runJob(context, trainSpec(place.home, "a"))));
    expect(new Set(outcomes.map((outcome) => outcome.status))).toEqual(new Set(["ok"]));
    expect(executor.submitted).toHaveLength(1);
  });

  it.each<[Fault]>([["crash"], ["lose"], ["truncated-reply"], ["wrong-attempt"], ["unknown-keys"]])(
    "tries again after %s, as a new attempt",
    async (fault) => {
      const outcome = await runJob(place.context(failing(fault)), trainSpec(place.home, "a"));
      expect(outcome).toMatchObject({ status: "ok" });
      const jobs = await place.store.jobs.ofKey(testKey("a"));
      expect(jobs.map((job) => job.failure === null)).toEqual([false, true]);
    },
  );

  it.each<[Fault, string]>([
    ["crash", "crashed"],
    ["lose", "lost"],
    ["truncated-reply", "bad_reply"],
    ["wrong-attempt", "bad_reply"],
  ])("gives up when it came to the same twice: %s", async (fault, reason) => {
    const executor = failing(fault, fault, fault);
    expect(await runJob(place.context(executor), trainSpec(place.home, "a"))).toMatchObject({ status: "failed", reason });
    expect(executor.submitted).toHaveLength(2);
  });

  it("counts a trial's retries over restarts", async () => {
    const action: Action = { type: "sft", models: [], datasets: [], setting: {}, seed: 0, fidelity: fullFidelity };
    await place.store.trials.create({ runId: "r1", kind: "chosen", label: null, action, key: testKey("a"), lane: 0 });
    const spec = { ...trainSpec(place.home, "a"), trial: 1 };
    await runJob(place.context(failing("crash", "crash")), spec);
    const later = failing();
    expect(await runJob(place.context(later), spec)).toMatchObject({ status: "failed", reason: "crashed" });
    expect(later.submitted).toEqual([]);
  });

  it.each<[Fault, string]>([
    ["diverge", "diverged"],
    ["timeout", "timeout"],
    ["reject", "did_not_fit"],
  ])("does not try again after %s", async (fault, reason) => {
    const executor = failing(fault);
    expect(await runJob(place.context(executor), trainSpec(place.home, "a"))).toMatchObject({ status: "failed", reason });
    expect(executor.submitted).toHaveLength(1);
  });

  it("tells another run of a failure that would come again, without a job", async () => {
    await runJob(place.context(failing("diverge")), trainSpec(place.home, "a"));
    await place.store.runs.create(testRun("r2"));
    const executor = failing();
    const outcome = await runJob(place.context(executor), { ...trainSpec(place.home, "a"), run: "r2" });
    expect(outcome).toMatchObject({ status: "failed", reason: "diverged", attempts: [] });
    expect(executor.submitted).toEqual([]);
  });

  it("halves the batch once when memory runs out", async () => {
    const outcome = await runJob(place.context(failing("out-of-memory")), trainSpec(place.home, "a"));
    expect(outcome).toMatchObject({ status: "ok" });
    const [, second] = await place.store.jobs.ofKey(testKey("a"));
    const request = JSON.parse(await readFile(join(second?.directory ?? "", "steps/train/request.json"), "utf8"));
    expect(request.settings).toMatchObject({ per_device_train_batch_size: 4, gradient_accumulation_steps: 2 });
    expect(await runJob(place.context(failing("out-of-memory", "out-of-memory")), trainSpec(place.home, "b"))).toMatchObject({
      status: "failed",
      reason: "out_of_memory",
    });
  });

  it("goes on with an attempt that was recorded but never written or submitted", async () => {
    const context = place.context(failing());
    await expect(
      runJob(
        { ...context, executor: { ...context.executor, submit: async () => Promise.reject(new Error("killed here")) } },
        trainSpec(place.home, "a"),
      ),
    ).rejects.toThrow("killed here");
    const [job] = await place.store.jobs.ofKey(testKey("a"));
    expect(job?.state).toBe("created");
    await rm(job?.directory ?? "", { recursive: true });
    expect(await runJob(context, trainSpec(place.home, "a"))).toMatchObject({ status: "ok", attempts: [job?.attempt] });
  });

  it("hands an attempt over again that its executor took and does not know of, and not for one such look", async () => {
    const executor = failing();
    let looks = 0;
    const submitted: number[] = [];
    const forgetful: Executor = {
      ...executor,
      submit: async (attempt) => {
        submitted.push(looks);
        if (submitted.length > 1) await executor.submit(attempt);
      },
      status: async (attempts) => {
        looks += 1;
        return await executor.status(attempts);
      },
    };
    expect(await runJob(place.context(forgetful), trainSpec(place.home, "a"))).toMatchObject({
      status: "ok",
      attempts: [expect.stringMatching(/-1$/)],
    });
    // Looked at once before it was submitted, once at once after that, and then until it was unknown a second time.
    expect(submitted).toEqual([1, 3]);
  });

  it("reports a cancelled job as a failure", async () => {
    const executor = failing("hang");
    const context = place.context(executor);
    const waiting = runJob(context, trainSpec(place.home, "a"));
    await expect.poll(() => executor.submitted.length).toBe(1);
    const [job] = await place.store.jobs.live();
    if (job === undefined) throw new Error("no live job");
    await cancelJob(context, job);
    expect(await waiting).toMatchObject({ status: "failed", reason: "cancelled" });
    expect(await place.store.jobs.find(job.attempt)).toMatchObject({ state: "cancelled" });
  });

  it("stops waiting when its signal aborts, and leaves the job alone", async () => {
    const executor = failing("hang");
    const abort = new AbortController();
    const waiting = runJob(place.context(executor), trainSpec(place.home, "a"), abort.signal);
    await expect.poll(() => executor.submitted.length).toBe(1);
    abort.abort(new Error("leaving"));
    await expect(waiting).rejects.toThrow("leaving");
    expect(await place.store.jobs.live()).toHaveLength(1);
    await executor.close();
  });

  it("says when a cap has no room for it, and asks when people have to be asked", async () => {
    const { config } = place.run;
    await place.store.runs.setConfig("r1", { ...config, budget: { ...config.budget, device_hours: 1e-9 } });
    expect(await runJob(place.context(failing()), trainSpec(place.home, "a"))).toMatchObject({ status: "refused" });
    await place.store.runs.setConfig("r1", { ...config, approval: { ...config.approval, over: { device_hours: 0 } } });
    expect(await runJob(place.context(failing()), trainSpec(place.home, "a"))).toMatchObject({ status: "ask" });
    expect(await place.store.jobs.ofKey(testKey("a"))).toEqual([]);
  });

  it("never overwrites an attempt that the database does not know", async () => {
    const directory = join(place.home, "jobs", `${testKey("a").slice(0, 16)}-1`);
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, "exit.json"), "{}");
    expect(await runJob(place.context(failing()), trainSpec(place.home, "a"))).toMatchObject({ attempts: [expect.stringMatching(/-2$/)] });
  });
});
