import { Conductor } from "#graphs/conductor/conductor.ts";
import type { FollowEnd } from "#graphs/conductor/follow.ts";
import { createHolder } from "#graphs/conductor/holder.ts";
import { LeaseKeeper } from "#graphs/conductor/lease-keeper.ts";
import type { RunStatus } from "#src/service/run-status.ts";
import type { Run } from "#src/store/store.ts";
import { askApprovals } from "../approval/ask-approvals.ts";
import type { OpenedHome } from "../home.ts";
import { openExecutor } from "../open-executor.ts";
import type { Terminal } from "../terminal.ts";
import { listenToInterrupts } from "./interrupts.ts";
import type { LiveBlock } from "./live-block.ts";
import { lastEventId, watchLive } from "./watch-live.ts";

interface DriveOptions {
  terminal: Terminal;
  opened: OpenedHome;
  run: Run;
  json: boolean;
  /** The run was made just now: all its events are news. */
  isNew: boolean;
  /** The command that goes on with this run. */
  comeBack: string;
}

/** Why the live view ended; `over` = another process drove the run to its end. */
export type DriveEnd = FollowEnd | "over";

/** Name of the lease that the process which drives a run holds. */
const driverResource = (runId: string) => `conductor:${runId}`;

/**
 * Drives a run and shows it. Where a live process drives it already, shows what that one does, and takes over when it
 * is gone.
 */
export async function driveRun(options: DriveOptions): Promise<DriveEnd> {
  const { terminal, opened, run } = options;
  const { store } = opened;
  const leases = new LeaseKeeper(store, createHolder(), () => terminal.now().getTime());
  const resource = driverResource(run.id);
  let block: LiveBlock | null = null;
  const say = (line: string) => {
    if (block === null) terminal.err(`${line}\n`);
    else block.print(line);
  };
  const interrupts = listenToInterrupts(terminal, say, options.comeBack);
  const afterEvent = options.isNew ? 0 : await lastEventId(store, run.id);
  const asked = new Set<string>();

  const askWhenIdle = async (status: RunStatus) => {
    const isBusy = status.lanes.some((lane) => lane.state !== "waiting");
    const open = status.waiting.filter((approval) => !asked.has(approval.id));
    if (!terminal.isInteractive || options.json || isBusy || open.length === 0 || interrupts.drain.aborted) return;
    block?.clear();
    await askApprovals(terminal, store, run, open);
    for (const approval of open) asked.add(approval.id);
  };

  const follow = async (): Promise<DriveEnd> => {
    terminal.err("Another process drives this run; following it here.\n");
    let isFree = false;
    await watchLive({
      terminal,
      store,
      run,
      afterEvent,
      json: options.json,
      signal: interrupts.drain,
      onLook: async (_status, shown) => {
        block = shown;
        isFree = await leases.acquire(resource);
        return isFree;
      },
    });
    if (interrupts.drain.aborted) return "left";
    return isFree && (await store.runs.find(run.id))?.endedAt === null ? drive() : "over";
  };

  const drive = async (): Promise<DriveEnd> => {
    leases.start(() => undefined);
    const executor = await openExecutor(opened, run.config);
    const databaseUrl = terminal.env["TEMPER_DATABASE_URL"];
    const conductor = new Conductor({
      store,
      home: opened.home,
      executor,
      env: terminal.env,
      now: () => terminal.now(),
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
    });
    const watching = new AbortController();
    const shown = watchLive({
      terminal,
      store,
      run,
      afterEvent,
      json: options.json,
      signal: watching.signal,
      onLook: async (status, current) => {
        block = current;
        await askWhenIdle(status);
        return false;
      },
    });
    // Shown when it is awaited below; until then a failed look must not end the process.
    shown.catch(() => undefined);
    try {
      const leaveWhenWaiting = !terminal.isInteractive;
      return await conductor.follow(run.id, { signal: interrupts.drain, leave: interrupts.leave, leaveWhenWaiting });
    } finally {
      watching.abort();
      await shown;
      await conductor.close();
      await executor.close();
    }
  };

  try {
    return (await leases.acquire(resource)) ? await drive() : await follow();
  } finally {
    interrupts.release();
    leases.stop();
    await leases.release(resource);
  }
}
