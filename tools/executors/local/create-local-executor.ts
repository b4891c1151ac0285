import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Store } from "#src/store/store.ts";
import { attemptDirectory } from "../../jobs/attempt-files.ts";
import type { Attempt, AttemptState, AttemptStatus, Executor } from "../executor.ts";
import { fence } from "../fence.ts";
import { Pulse, silenceMs } from "../pulse.ts";
import { readLog } from "../read-log.ts";
import { statusOfExit } from "../status-of-exit.ts";
import { cancelAttempt } from "./cancel-attempt.ts";
import { type DeviceSettings, findDevices, releaseUnused } from "./device-slots.ts";
import { endLeftovers } from "./end-leftovers.ts";
import { jobEnvironment } from "./job-environment.ts";
import { fitsInMemory } from "./memory-room.ts";
import { allowedCpus, cpusOfSlots } from "./pin-cpus.ts";
import { niceCommand } from "./nice-command.ts";
import { isAlive } from "./processes.ts";
import { readClaim } from "./read-claim.ts";
import { type DetachedProcess, startDetached } from "./start-detached.ts";
import { sweepOrphans } from "./sweep-orphans.ts";
import { WarmWorker } from "./warm-worker.ts";

/** What the local executor stands on. */
export interface LocalExecutorOptions {
  home: string;
  /** Absolute path of the interpreter: one found through a shim costs 100–300 ms more a job. */
  python: string;
  store: Store;
  host: string;
  /** The run's `executor`. */
  settings?: DeviceSettings & { warm_worker?: boolean; nice?: number | undefined };
  /** The environment of this process, of which jobs get a short list. */
  environment?: NodeJS.ProcessEnv;
  /** Folder of scripts that stand in for the real ones, in tests. */
  fixtureScripts?: string;
  /** How long a runner on another host may give no heartbeat. Default: `silenceMs`. */
  silenceMs?: number;
  /** How long the warm worker stays with no job and no conductor. */
  workerIdleSeconds?: number;
}

type Place = Pick<Attempt, "id" | "directory">;

const over: readonly AttemptState[] = ["succeeded", "failed", "cancelled", "lost", "rejected"];
/** How often waiting attempts look for free slots that another process gave back. */
const slotPollMs = 200;

/**
 * Runs attempts on this host. Everything that matters is in the attempts' directories and the device rows, so a
 * second executor, also in another process or after a crash, sees and ends what the first one started.
 */
export async function createLocalExecutor(options: LocalExecutorOptions): Promise<Executor> {
  const { store, host, python, fixtureScripts, settings = {}, environment: own = process.env } = options;
  const home = resolve(options.home);
  const devices = await findDevices(settings, own);
  await store.devices.ensure(host, devices.kind, devices.names.length);
  await sweepOrphans({ store, home, host });
  const allowed = allowedCpus();
  const environmentOf = (cuda: readonly number[], network: boolean, cpus: readonly number[] = []) =>
    jobEnvironment({ home, python, cuda, cpus, network, fixtureScripts, own });
  const command = niceCommand(python, settings.nice);
  const worker = new WarmWorker({ home, command, environment: environmentOf([], false), idleSeconds: options.workerIdleSeconds ?? 600 });
  /** Attempts that wait for slots, in the order of submission. */
  const waiting = new Map<string, Attempt>();
  /** Attempts that this process started and that have not claimed themselves yet. */
  const starting = new Map<string, DetachedProcess>();
  const rejected = new Map<string, string>();
  const released = new Set<string>();
  const pulse = new Pulse();
  let pumping: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  async function claimSlots(attempt: Attempt): Promise<readonly number[] | null> {
    const count = attempt.request.device.indices.length;
    if (count === 0) return [];
    if (!(await fitsInMemory({ store, home, host }, attempt.id))) return null;
    const slots = await store.devices.claim(host, devices.kind, count, attempt.id);
    if (slots !== null) return slots;
    await releaseUnused(store, host, async (id) => (await look({ id, directory: attemptDirectory(home, id) })).state);
    return await store.devices.claim(host, devices.kind, count, attempt.id);
  }

  /** Starts waiting attempts while slots are free, first come, first served. */
  function pump(): Promise<void> {
    const turn = pumping.then(async () => {
      for (const attempt of waiting.values()) {
        const slots = await claimSlots(attempt);
        if (slots === null) break;
        if (!waiting.delete(attempt.id)) await store.devices.release(attempt.id);
        else await start(attempt, slots);
      }
      if (waiting.size > 0 && timer === null) {
        timer = setTimeout(() => {
          timer = null;
          pump().catch(() => {});
        }, slotPollMs).unref();
      }
    });
    pumping = turn.catch(() => {});
    return turn;
  }

  async function start(attempt: Attempt, slots: readonly number[]): Promise<void> {
    const isCpu = devices.kind === "cpu" || slots.length === 0;
    const cpus = cpusOfSlots(slots, devices.names.length, allowed, settings.pin_cpus);
    const environment = environmentOf(isCpu ? [] : slots.flatMap((slot) => devices.names[slot] ?? []), attempt.network === true, cpus);
    const mayFork = settings.warm_worker !== false && isCpu && attempt.network !== true;
    starting.set(attempt.id, { hasEnded: false, exitCode: null });
    // Not awaited: the worker may have to import first, and other attempts start meanwhile.
    void startNow().catch((error: unknown) => {
      rejected.set(attempt.id, error instanceof Error ? error.message : String(error));
    });

    async function startNow() {
      if (mayFork && (await worker.run(attempt.directory, environment))) return;
      const { directory } = attempt;
      const runner = [...command, "-m", "temper_gpu.runner", directory] as const;
      starting.set(attempt.id, startDetached({ command: [...runner], environment, cwd: directory, log: join(directory, "log.txt") }));
    }
  }

  async function look({ id, directory }: Place): Promise<AttemptStatus> {
    const ended = await statusOfExit(directory);
    if (ended !== null) return ended;
    const claim = await readClaim(directory);
    if (claim !== null) {
      starting.delete(id);
      if (claim.host !== host) return await lookAfar({ id, directory }, claim.host);
      if (await isAlive(claim)) return { state: "running", detail: `process ${claim.pid}` };
      const late = await statusOfExit(directory);
      if (late !== null) return late;
      await endLeftovers(claim, directory);
      return { state: "lost", detail: `its runner (process ${claim.pid}) ended without a record` };
    }
    const refusal = rejected.get(id);
    if (refusal !== undefined) return { state: "rejected", detail: refusal };
    if (waiting.has(id)) return { state: "queued", detail: "waits for a free device, or for memory" };
    const runner = starting.get(id);
    if (runner === undefined) return { state: "unknown", detail: "" };
    if (!runner.hasEnded) return { state: "queued", detail: "is starting" };
    if ((await readClaim(directory)) !== null) return await look({ id, directory });
    const detail = `its runner could not start: ${await lastLogLine(directory)}`;
    rejected.set(id, detail);
    return { state: "rejected", detail };
  }

  /** A process on another host cannot be seen: it lives as long as its heart beats. */
  async function lookAfar(attempt: Place, other: string): Promise<AttemptStatus> {
    const patienceMs = options.silenceMs ?? silenceMs;
    if ((await pulse.silentMs(attempt)) < patienceMs) return { state: "running", detail: `on ${other}` };
    const detail = `${other} has given no sign of it for ${Math.round(patienceMs / 1000)} s`;
    await fence(attempt, host, detail);
    pulse.forget(attempt.id);
    return (await statusOfExit(attempt.directory)) ?? { state: "lost", detail };
  }

  async function lookAndRelease(attempt: Place): Promise<AttemptStatus> {
    const status = await look(attempt);
    if (over.includes(status.state) && !released.has(attempt.id)) {
      released.add(attempt.id);
      starting.delete(attempt.id);
      await store.devices.release(attempt.id);
      if (waiting.size > 0) await pump();
    }
    return status;
  }

  return {
    kind: "local",
    device: { kind: devices.kind, perJob: devices.perJob },
    submit: async (attempt) => {
      const isKnown = waiting.has(attempt.id) || starting.has(attempt.id) || rejected.has(attempt.id);
      if (isKnown || existsSync(join(attempt.directory, "exit.json")) || (await readClaim(attempt.directory)) !== null) return;
      waiting.set(attempt.id, attempt);
      await pump();
    },
    status: async (attempts) =>
      new Map(await Promise.all(attempts.map(async (attempt) => [attempt.id, await lookAndRelease(attempt)] as const))),
    cancel: async (attempt) => {
      waiting.delete(attempt.id);
      await cancelAttempt(attempt, host);
      await lookAndRelease(attempt);
    },
    logs: async (attempt, cursor) => await readLog(attempt.directory, cursor),
    close: async () => {
      if (timer !== null) clearTimeout(timer);
      waiting.clear();
      worker.close();
      await pumping;
    },
  };
}

async function lastLogLine(directory: string): Promise<string> {
  const { text } = await readLog(directory, 0);
  return text.trim().split("\n").at(-1) ?? "it said nothing";
}
