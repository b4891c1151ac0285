import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ExitRecord, sha256 } from "../../jobs/attempt-files.ts";
import type { Attempt, AttemptState, AttemptStatus, Executor, LogChunk } from "../executor.ts";
import { readLog } from "../read-log.ts";
import { statusOfExit } from "../status-of-exit.ts";
import { emptyEnvelope, StepAnswerer } from "./answer-step.ts";
import { createBehaviour, type Fault, type ScriptedBehaviour } from "./behaviour.ts";

/** The executor's own time, in seconds since 1970. A simulated one makes slow jobs fast and hangs finite. */
export interface ScriptedClock {
  now(): number;
  sleep(seconds: number, signal: AbortSignal): Promise<void>;
}

const realClock: ScriptedClock = {
  now: () => Date.now() / 1000,
  sleep: async (seconds, signal) => {
    await sleep(seconds * 1000, undefined, { signal, ref: false });
  },
};

interface Running {
  state: AttemptState;
  detail: string;
  abort: AbortController;
  done: Promise<void>;
}

/**
 * Runs no scripts: it answers requests from a landscape in a millisecond, through real attempt directories, and can
 * crash, hang, lie and lose attempts. For tests, benchmarks and for trying a config without training.
 */
export function createScriptedExecutor(
  options: { clock?: ScriptedClock; behaviour?: Partial<ScriptedBehaviour> } = {},
): Executor & { readonly submitted: readonly string[] } {
  const clock = options.clock ?? realClock;
  const behaviour = createBehaviour(options.behaviour);
  const answerer = new StepAnswerer(behaviour.landscape);
  const running = new Map<string, Running>();
  const submitted: string[] = [];

  async function perform(attempt: Attempt, entry: Running, nth: number) {
    const startedAt = clock.now();
    const fault = behaviour.fault(attempt, nth);
    const seconds = behaviour.seconds(attempt);
    if (fault === "reject" || fault === "lose") {
      Object.assign(entry, { state: fault === "lose" ? "lost" : "rejected", detail: `the script says ${fault}` });
      return;
    }
    try {
      if (fault === "hang") await clock.sleep(attempt.request.limits.wall_seconds, entry.abort.signal);
      else if (seconds > 0) await clock.sleep(seconds, entry.abort.signal);
    } catch (error) {
      if (!entry.abort.signal.aborted) throw error;
      writeExit(attempt, startedAt, { outcome: "cancelled", detail: "ended on request" });
      return;
    }
    end(attempt, startedAt, fault === "hang" ? "timeout" : fault);
  }

  function end(attempt: Attempt, startedAt: number, fault: Fault | null) {
    const exitFaults = { crash: "crashed", timeout: "timeout", "out-of-memory": "out_of_memory", "disk-full": "disk_full" } as const;
    if (fault === "crash" || fault === "timeout" || fault === "out-of-memory" || fault === "disk-full") {
      const steps = [{ name: attempt.request.steps[0]?.name ?? "train", exit_code: 1, signal: null, reply_sha256: null, published: false }];
      writeExit(attempt, startedAt, { outcome: exitFaults[fault], detail: `the script says ${fault}`, steps });
      return;
    }
    const steps: ExitRecord["steps"] = [];
    for (const step of attempt.request.steps) {
      const isSound = fault === null || fault === "broken-answers";
      const answer = fault === "diverge" ? diverge(step.directory) : answerer.answer(step, isSound);
      const text = fault === "broken-answers" ? breakAnswers(step.directory, answer) : answer;
      const written = isSound || fault === "diverge" ? text : spoil(step.directory, text, fault);
      const hash = sha256(Buffer.from(fault === "unknown-keys" ? written : text));
      steps.push({
        name: step.name,
        exit_code: 0,
        signal: null,
        reply_sha256: hash,
        published: isSound && step.publish_to !== null,
      });
      if (fault === "diverge") break;
    }
    const other = fault === "wrong-attempt" ? { attempt: `${attempt.id}9` } : {};
    writeExit(attempt, startedAt, { outcome: "finished", detail: "", steps, ...other });
  }

  function writeExit(attempt: Attempt, startedAt: number, record: Pick<ExitRecord, "outcome" | "detail"> & Partial<ExitRecord>) {
    const exit: ExitRecord = {
      attempt: attempt.id,
      steps: [],
      started_at: startedAt,
      ended_at: clock.now(),
      peak_memory_mib: 1,
      ...record,
    };
    writeFileSync(join(attempt.directory, "log.txt"), `scripted: ${record.outcome}\n`);
    writeFileSync(join(attempt.directory, "exit.json"), JSON.stringify(exit));
  }

  async function statusOf({ id, directory }: Pick<Attempt, "id" | "directory">): Promise<AttemptStatus> {
    // Before its record is looked for: an attempt that ends in between was running then, and is not unknown.
    const entry = running.get(id);
    const ended = await statusOfExit(directory);
    if (ended !== null) return ended;
    return entry === undefined ? { state: "unknown", detail: "" } : { state: entry.state, detail: entry.detail };
  }

  return {
    kind: "scripted",
    device: { kind: "cpu", perJob: 1 },
    submitted,
    submit: async (attempt) => {
      if (running.has(attempt.id) || existsSync(join(attempt.directory, "exit.json"))) return;
      submitted.push(attempt.id);
      const entry: Running = { state: "running", detail: "scripted", abort: new AbortController(), done: Promise.resolve() };
      running.set(attempt.id, entry);
      entry.done = perform(attempt, entry, submitted.length).then(
        () => {
          if (entry.state === "running") running.delete(attempt.id);
        },
        (error: unknown) => {
          Object.assign(entry, { state: "lost", detail: error instanceof Error ? error.message : String(error) });
        },
      );
    },
    status: async (attempts) => new Map(await Promise.all(attempts.map(async (attempt) => [attempt.id, await statusOf(attempt)] as const))),
    cancel: async ({ id, directory }) => {
      if (existsSync(join(directory, "exit.json"))) return;
      const entry = running.get(id);
      if (entry === undefined) {
        const nothing = { abort: new AbortController(), done: Promise.resolve() };
        running.set(id, { state: "cancelled", detail: "cancelled before it was submitted", ...nothing });
        return;
      }
      entry.abort.abort();
      await entry.done;
    },
    logs: async (attempt, cursor): Promise<LogChunk> => await readLog(attempt.directory, cursor),
    close: async () => {
      for (const entry of running.values()) entry.abort.abort();
      await Promise.all([...running.values()].map(async (entry) => await entry.done));
    },
  };
}

function diverge(directory: string): string {
  const detail = "the script says that the loss is not finite";
  const reply = { status: "failed", reason: "diverged", detail, metrics: null, ...emptyEnvelope };
  const text = JSON.stringify(reply);
  writeFileSync(join(directory, "result.json"), text);
  return text;
}

/** Makes an evaluation one of a model that babbles; other replies stay as they are. */
function breakAnswers(directory: string, answer: string): string {
  const text = answer.replaceAll('"hit_token_limit":0', '"hit_token_limit":0.8');
  writeFileSync(join(directory, "result.json"), text);
  return text;
}

/** Makes a good reply a bad one; returns what stands in the file now. */
function spoil(directory: string, text: string, fault: Fault): string {
  const file = join(directory, "result.json");
  if (fault === "truncated-reply") writeFileSync(file, text.slice(0, text.length / 2));
  if (fault === "unknown-keys") writeFileSync(file, text.replace("{", '{"surprise":1,'));
  return readFileSync(file, "utf8");
}
