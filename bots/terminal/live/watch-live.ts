import { setTimeout as sleep } from "node:timers/promises";
import { type RunStatus, runStatus } from "#src/service/run-status.ts";
import type { Run, Store } from "#src/store/store.ts";
import { formatMargin } from "../render/format-margin.ts";
import { renderProgress } from "../render/render-progress.ts";
import type { Terminal } from "../terminal.ts";
import { eventLine } from "./event-line.ts";
import { createPlainBlock, createTerminalBlock, type LiveBlock } from "./live-block.ts";
import { liveViewOf, loadLanes, type Pace, trialsOver } from "./load-live-view.ts";
import { plannedBaselines } from "./planned-baselines.ts";

const redrawMs = 300;
const pipePollMs = 700;
const eventsPerLook = 500;
/** In a pipe nothing wraps. */
const widestLine = 1000;

export interface WatchOptions {
  terminal: Terminal;
  store: Store;
  run: Run;
  /** Aborted: stop watching. */
  signal: AbortSignal;
  /** Only later events are shown; 0 for all. */
  afterEvent: number;
  /** One JSON line for each event instead of text. */
  json: boolean;
  /** Called at each look; watching ends when it says so. Questions to the person are asked here: the block is away then. */
  onLook?: (status: RunStatus, block: LiveBlock) => Promise<boolean>;
}

function newBestLine(best: RunStatus["best"]): string {
  return best === null ? "" : `New best: ${best.model} ${formatMargin(best.score)}, ${best.made}.`;
}

/** Id of the run's last event: where a watcher of an old run starts. */
export async function lastEventId(store: Store, runId: string): Promise<number> {
  return (await store.events.list(runId)).at(-1)?.id ?? 0;
}

/**
 * Shows a run as it goes on, from what the store and the jobs' files say: it does not matter which process drives the
 * run. Comes back when the signal is aborted, `onLook` ends it, or the run is over.
 */
export async function watchLive({ terminal, store, run, signal, afterEvent, json, onLook }: WatchOptions): Promise<void> {
  const isLive = terminal.isInteractive && !json;
  const write = (text: string) => terminal.err(text);
  const block = isLive ? createTerminalBlock(write) : createPlainBlock(json ? () => undefined : write, () => terminal.now());
  const models = await store.objects.models(run.id);
  const bases = models.filter((model) => model.parents.length === 0);
  const planned = plannedBaselines(run.config, await store.objects.datasets(run.id), bases);
  let lastEvent = afterEvent;
  let best: string | null = null;
  let pace: Pace | null = null;

  const look = async (): Promise<boolean> => {
    for (const event of await store.events.list(run.id, lastEvent, eventsPerLook)) {
      lastEvent = event.id;
      if (json) terminal.out(`${JSON.stringify(event)}\n`);
      const line = eventLine(event, !isLive);
      if (line !== null) block.print(line);
    }
    const status = await runStatus(store, run.id);
    const now = terminal.now();
    const { chosen, other } = trialsOver(status);
    pace ??= { since: now, over: chosen + other };
    const view = liveViewOf(status, await loadLanes(status), planned, pace, now);
    if (isLive && best !== null && view.best !== null && view.best.model !== best) block.print(newBestLine(status.best));
    best = view.best?.model ?? null;
    block.show(renderProgress(view, isLive ? terminal.columns() : widestLine));
    const isOver = status.run.endedAt !== null && status.lanes.length === 0;
    return (await onLook?.(status, block)) === true || isOver;
  };

  try {
    while (!(await look()) && !signal.aborted) {
      await sleep(isLive ? redrawMs : pipePollMs, undefined, { signal }).catch(() => undefined);
    }
    await look();
  } finally {
    block.clear();
  }
}
