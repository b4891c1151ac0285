import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Attempt, AttemptState, Executor } from "#tools/executors/executor.ts";
import { readOutcome } from "#tools/jobs/read-outcome.ts";
import { testAttempt } from "../tools/test-attempt.ts";
import { openTestHome, type TestHome, testKey } from "../tools/test-home.ts";
import { describeEngineLoss } from "./executor/engine-loss.ts";
import { describeFullDisk } from "./executor/full-disk.ts";
import { describeHostLoss } from "./executor/host-loss.ts";
import { describeProcesses } from "./executor/processes.ts";
import type { ExecutorScene } from "./executor/scene.ts";

/** What the training of an attempt does; each back end has its way to make it happen. */
export type Behaviour = "ok" | "sleep" | "stubborn" | "crash" | "truncate" | "unknown_keys" | "silent" | "fail" | "fill_disk";

/** How the suite gets at a back end. */
export interface ExecutorUnderTest {
  /** A new instance on a home, as another process would open it. Called several times for one home. */
  open(place: TestHome): Promise<Executor>;
  /** How many attempts run at once; the others are queued. null = all. */
  slots: number | null;
  /** Whether an attempt outlives the instance that it was submitted to. */
  isAdoptable: boolean;
  /** How long a busy machine may take to start and end an attempt. */
  patienceMs?: number;
  /** Arguments of `tests/fixtures/wait-for-job.ts` that open the same back end in another process; null when it has no processes. */
  conductor: (() => ConductorStart) | null;
  /** The same back end as another host opens it on the home of the suite; left out where a host's death is the engine's to tell. */
  afar?: { open(place: TestHome): Promise<Executor>; silenceMs: number };
  /** `real` = the suite mounts a small disk; `played` = the back end acts as if; null = not tried. */
  fullDisk: "real" | "played" | null;
  /** The engine behind it, where it can die by itself. */
  engine?: { stopHead(): Promise<void>; killHead(): Promise<void>; up(): Promise<void> };
}

/** How another process opens the same back end. */
export interface ConductorStart {
  /** The run's `executor`. */
  executor: object;
  environment: Readonly<Record<string, string>>;
}

const outcomeOf = async (attempt: Attempt) => await readOutcome(attempt.directory, "lost", "");

/** The promises that every executor keeps. */
export function describeExecutor(name: string, under: ExecutorUnderTest): void {
  describe(`executor ${name}`, () => {
    const timeout = under.patienceMs ?? 20_000;
    let place: TestHome;
    let executor: Executor;
    const opened: Executor[] = [];

    async function open() {
      const instance = await under.open(place);
      opened.push(instance);
      return instance;
    }

    beforeEach(async () => {
      place = await openTestHome();
      executor = await open();
    });
    afterEach(async () => {
      for (const instance of opened.splice(0)) await instance.close();
      await place.remove();
    });

    const lookAt = async (attempt: Pick<Attempt, "id" | "directory">, instance = executor) =>
      (await instance.status([attempt])).get(attempt.id);
    const stateOf = async (attempt: Pick<Attempt, "id" | "directory">, instance = executor) => (await lookAt(attempt, instance))?.state;
    const reach = async (attempt: Attempt, state: AttemptState, instance = executor) => {
      const seen = async () => {
        const status = await lookAt(attempt, instance);
        return status?.state === state ? state : `${status?.state}: ${status?.detail}`;
      };
      await expect.poll(seen, { timeout, interval: 10 }).toBe(state);
    };

    it("runs an attempt to its end", async () => {
      const attempt = await testAttempt(place, "a");
      expect(await stateOf(attempt)).toBe("unknown");
      await executor.submit(attempt);
      await reach(attempt, "succeeded");
      const { failure, replies } = await outcomeOf(attempt);
      expect(failure).toBeNull();
      expect(Object.keys(replies)).toEqual(["train", "evaluate"]);
      expect(await readFile(join(place.home, "models", testKey("a"), "temper.json"), "utf8")).toContain(testKey("a"));
    });

    it("runs an attempt once, however often it is submitted", async () => {
      const attempt = await testAttempt(place, "a");
      await Promise.all(Array.from({ length: 8 }, async () => await executor.submit(attempt)));
      await reach(attempt, "succeeded");
      const exit = join(attempt.directory, "exit.json");
      const before = await stat(exit);
      await executor.submit(attempt);
      await (await open()).submit(attempt);
      expect(await stateOf(attempt)).toBe("succeeded");
      expect((await stat(exit)).mtimeMs).toBe(before.mtimeMs);
    });

    it("tells the states of many attempts at once", async () => {
      const good = await testAttempt(place, "good");
      const bad = await testAttempt(place, "bad", "crash");
      const never = await testAttempt(place, "never");
      await executor.submit(good);
      await executor.submit(bad);
      await reach(good, "succeeded");
      await reach(bad, "failed");
      const states = await executor.status([good, bad, never, { id: "none-1", directory: join(place.home, "jobs", "none-1") }]);
      expect([...states].map(([id, { state }]) => [id, state])).toEqual([
        [good.id, "succeeded"],
        [bad.id, "failed"],
        [never.id, "unknown"],
        ["none-1", "unknown"],
      ]);
    });

    it("keeps a script's failure apart from a crash", async () => {
      const attempt = await testAttempt(place, "a", "fail");
      await executor.submit(attempt);
      await reach(attempt, "succeeded");
      expect(await outcomeOf(attempt)).toMatchObject({ outcome: "finished", failure: "diverged", step: "train" });
    });

    it.each<[Behaviour]>([["crash"], ["truncate"], ["unknown_keys"], ["silent"]])(
      "never takes an attempt for good that did %s",
      async (behaviour) => {
        const attempt = await testAttempt(place, "a", behaviour);
        await executor.submit(attempt);
        await expect.poll(async () => await stateOf(attempt), { timeout, interval: 10 }).toMatch(/succeeded|failed/);
        const { failure, replies } = await outcomeOf(attempt);
        expect(failure).toMatch(/^(crashed|bad_reply)$/);
        expect(replies).toEqual({});
      },
    );

    it.each<[Behaviour]>([["sleep"], ["stubborn"]])("ends an attempt that hangs (%s) at its time limit", async (behaviour) => {
      const attempt = await testAttempt(place, "a", behaviour, { wallSeconds: 0.5 });
      await executor.submit(attempt);
      await reach(attempt, "failed");
      expect(await outcomeOf(attempt)).toMatchObject({ outcome: "timeout", failure: "timeout" });
    });

    it("cancels a running attempt, and again without harm", async () => {
      const attempt = await testAttempt(place, "a", "sleep");
      await executor.submit(attempt);
      await reach(attempt, "running");
      await executor.cancel(attempt);
      expect(await stateOf(attempt)).toBe("cancelled");
      await executor.cancel(attempt);
      expect(await stateOf(attempt)).toBe("cancelled");
      expect(await outcomeOf(attempt)).toMatchObject({ outcome: "cancelled", failure: "cancelled" });
    });

    it("never starts what was cancelled before it was submitted", async () => {
      const attempt = await testAttempt(place, "a");
      await executor.cancel(attempt);
      await executor.submit(attempt);
      expect(await stateOf(attempt)).toBe("cancelled");
      expect((await outcomeOf(attempt)).replies).toEqual({});
    });

    it.each<[Behaviour]>([["sleep"], ["stubborn"]])(
      "cancels an attempt (%s) that has just been submitted, twice at once",
      async (behaviour) => {
        const attempt = await testAttempt(place, "a", behaviour);
        await executor.submit(attempt);
        await Promise.all([executor.cancel(attempt), executor.cancel(attempt)]);
        expect(await stateOf(attempt)).toBe("cancelled");
        expect(await outcomeOf(attempt)).toMatchObject({ outcome: "cancelled", replies: {} });
      },
    );

    it.each([-86_400_000, 86_400_000])("ends nothing when the clock jumps by %i ms", async (jumpMs) => {
      const [sleeping, next] = [await testAttempt(place, "a", "sleep"), await testAttempt(place, "b")];
      await executor.submit(sleeping);
      await reach(sleeping, "running");
      try {
        vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + jumpMs });
        expect(await stateOf(sleeping)).toBe("running");
        await executor.submit(next);
        await reach(next, "succeeded");
        expect(await stateOf(sleeping)).toBe("running");
        await executor.cancel(sleeping);
        expect(await stateOf(sleeping)).toBe("cancelled");
      } finally {
        vi.useRealTimers();
      }
    });

    it("leaves a finished attempt as it is when cancelled late", async () => {
      const attempt = await testAttempt(place, "a");
      await executor.submit(attempt);
      await reach(attempt, "succeeded");
      await executor.cancel(attempt);
      expect(await stateOf(attempt)).toBe("succeeded");
      expect((await outcomeOf(attempt)).failure).toBeNull();
    });

    it("takes the cancellation of an attempt that it never saw", async () => {
      await expect(executor.cancel({ id: "none-1", directory: join(place.home, "jobs", "none-1") })).resolves.toBeUndefined();
    });

    it("gives the log piece by piece", async () => {
      const attempt = await testAttempt(place, "a");
      expect(await executor.logs(attempt, 0)).toEqual({ text: "", cursor: 0 });
      await executor.submit(attempt);
      await reach(attempt, "succeeded");
      const whole = await readFile(join(attempt.directory, "log.txt"));
      const first = await executor.logs(attempt, 0);
      expect(first).toEqual({ text: whole.toString("utf8"), cursor: whole.length });
      expect(await executor.logs(attempt, first.cursor)).toEqual({ text: "", cursor: whole.length });
      const cut = Math.floor(whole.length / 2);
      expect((await executor.logs(attempt, cut)).text).toBe(whole.subarray(cut).toString("utf8"));
    });

    if (under.slots !== null) {
      it("queues what has no device, and cancels it there", async () => {
        const slots = under.slots ?? 0;
        const running = await Promise.all(Array.from({ length: slots }, async (_, n) => await testAttempt(place, `run${n}`, "sleep")));
        for (const attempt of running) await executor.submit(attempt);
        for (const attempt of running) await reach(attempt, "running");
        const [next, last] = [await testAttempt(place, "next"), await testAttempt(place, "last")];
        await executor.submit(next);
        await executor.submit(last);
        expect(await stateOf(next)).toBe("queued");
        await executor.cancel(next);
        expect(await stateOf(next)).toBe("cancelled");
        expect(await stateOf(last)).toBe("queued");
        for (const attempt of running) await executor.cancel(attempt);
        await reach(last, "succeeded");
        expect((await outcomeOf(next)).exit?.steps).toEqual([]);
      });
    }

    if (under.isAdoptable) {
      it("goes on without the instance that submitted", async () => {
        const attempt = await testAttempt(place, "a", "sleep");
        await executor.submit(attempt);
        await reach(attempt, "running");
        await executor.close();
        const second = await open();
        expect(await stateOf(attempt, second)).toBe("running");
        await second.submit(attempt);
        expect(await stateOf(attempt, second)).toBe("running");
        await second.cancel(attempt);
        expect(await stateOf(attempt, second)).toBe("cancelled");
      });
    }

    const scene: ExecutorScene = { under, place: () => place, executor: () => executor, open, stateOf, reach, timeout };
    if (under.conductor !== null) describeProcesses(scene, under.conductor);
    const { afar } = under;
    if (afar !== undefined) {
      const openAfar = async () => {
        const instance = await afar.open(place);
        opened.push(instance);
        return instance;
      };
      describeHostLoss(scene, { open: openAfar, silenceMs: afar.silenceMs });
    }
    if (under.fullDisk !== null) describeFullDisk(scene, under.fullDisk);
    if (under.engine !== undefined) describeEngineLoss(scene, under.engine);
  });
}
