import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { decideApproval } from "#src/approval/decide-approval.ts";
import { createRun } from "#src/service/create-run.ts";
import { openStore } from "#src/store/open-store.ts";
import type { Run, Store } from "#src/store/store.ts";
import { Conductor } from "#graphs/conductor/conductor.ts";
import { preparedObjects, scriptedConfig } from "#tests/graphs/scripted-world.ts";
import type { Attempt, Executor } from "#tools/executors/executor.ts";
import { findRunner } from "../kills/victims.ts";
import type { TriageEngine } from "./engines.ts";
import type { InducedFailure } from "./induced-failures.ts";

const shortSeconds = 2;
const requestSchema = z.looseObject({ limits: z.looseObject({ wall_seconds: z.number() }) });
const isTraining = (attempt: Attempt) => attempt.request.steps.some((step) => step.script === "sft");

/** Gives trainings a time limit that a bench can wait for. */
function shorten(executor: Executor): Executor {
  return {
    ...executor,
    submit: async (attempt) => {
      if (isTraining(attempt)) {
        const file = join(attempt.directory, "request.json");
        const request = requestSchema.parse(JSON.parse(await readFile(file, "utf8")));
        await writeFile(file, JSON.stringify({ ...request, limits: { ...request.limits, wall_seconds: shortSeconds } }));
      }
      await executor.submit(attempt);
    },
  };
}

/** Kills the runner of each training as soon as its script works, until told to stop. */
async function killRunners(store: Store, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(50);
    for (const job of await store.jobs.live()) {
      const log = await readFile(join(job.directory, "log.txt"), "utf8").catch(() => "");
      const runner = log.includes("sleeping") ? await findRunner(job) : null;
      if (runner !== null && job.actionType === "sft") process.kill(runner, "SIGKILL");
    }
  }
}

async function openRun(store: Store, home: string, { behaviour }: InducedFailure): Promise<Run> {
  const config = scriptedConfig({
    name: "triage",
    datasets: { math: { path: "scripted/math" } },
    actions: { sft: { max_steps: [80, 20] } },
    budget: { trials: 2 },
    // No other trial begins while the first waits for its answer.
    approval: { max_pending: 1 },
  });
  const prepared = preparedObjects(config, home);
  const datasets = prepared.datasets.map((dataset) => ({ ...dataset, key: `behave:${behaviour}` }));
  const tasks = prepared.tasks.map((task, index) => ({ ...task, key: index === 0 ? "behave:ok" : task.key }));
  return createRun(store, { config, prepared: { ...prepared, datasets, tasks }, now: new Date() });
}

/**
 * Makes the first training of a run fail in one way each time and follows the run until it waits for people.
 * @returns what was not as stated, in words; empty when all was.
 */
export async function induce(engine: TriageEngine, failure: InducedFailure, root: string, home: string): Promise<string[]> {
  await mkdir(home, { recursive: true });
  const store = await openStore({ home });
  const opened = await engine.open({ root, home, store }, failure);
  const executor = failure.isShort && engine.name !== "scripted" ? shorten(opened) : opened;
  const conductor = new Conductor({ store, home, executor });
  const end = new AbortController();
  const killing = failure.killsRunner && engine.name !== "scripted" ? killRunners(store, end.signal) : Promise.resolve();
  try {
    const run = await openRun(store, home, failure);
    const follow = () => conductor.follow(run.id, { leaveWhenWaiting: true });
    return await judge({ store, run, follow }, failure);
  } finally {
    end.abort();
    await killing;
    await conductor.close();
    await executor.close();
    await store.close();
  }
}

async function judge(
  { store, run, follow }: { store: Store; run: Run; follow: () => Promise<string> },
  { step, says, failure }: InducedFailure,
): Promise<string[]> {
  const wrong: string[] = [];
  const expect = (isSo: boolean, what: string) => {
    if (!isSo) wrong.push(what);
  };
  const pending = () => store.approvals.list(run.id, "pending");
  expect((await follow()) === "waiting", "the run does not wait for people");
  if (step === "question") {
    const [question, ...others] = await pending();
    expect(
      question?.trial === 1 && says.test(question.why) && others.length === 0,
      `the trial's question is ${question?.why ?? "missing"}`,
    );
    expect((question?.estimate.wallSecondsP90 ?? 0) > shortSeconds, "the question has no new estimate");
    if (question !== undefined) await decideApproval(store, { id: question.id, to: "approved", by: "bench", role: "owner", reason: null });
    expect((await follow()) === "waiting", "the run does not wait for people again");
  }
  const events = await store.events.list(run.id);
  const retries = events.filter(({ kind }) => kind === "job-retry");
  expect(
    retries.length === 1 && (step === "question" || says.test(retries[0]?.text ?? "")),
    `retries: ${retries.map(({ text }) => text).join(" | ")}`,
  );
  const jobs = await store.jobs.ofTrial(run.id, 1);
  expect(jobs.map((job) => job.failure).join() === [failure, failure].join(), `attempts ended: ${jobs.map((job) => job.failure).join()}`);
  const [pause, ...more] = await pending();
  expect(pause?.batch === "sft" && more.length === 0, `the question at the end is about ${pause?.batch ?? "nothing"}`);
  expect(pause?.why.includes("twice in trial 1") === true, `the question says ${pause?.why ?? "nothing"}`);
  expect(events.filter(({ kind }) => kind === "type-pause").length === 1, "the pause is no event");
  expect((await store.trials.list(run.id)).length === 1, "another trial was begun");
  return wrong;
}
