import { createHolder } from "#graphs/conductor/holder.ts";
import { LeaseKeeper } from "#graphs/conductor/lease-keeper.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import { createRun } from "#src/service/create-run.ts";
import { resumeRun } from "#src/service/resume-run.ts";
import type { Run, Store } from "#src/store/store.ts";
import { localAuthor } from "../author.ts";
import { formatDuration } from "../render/format-duration.ts";
import { settleChanges } from "./settle-changes.ts";
import type { StartRequest } from "./start-request.ts";
import { takeOver } from "./take-over.ts";

/** A run to drive; `isOver` = it was finished before, and is answered from what is known. */
export interface StartedRun {
  run: Run;
  isNew: boolean;
  isOver: boolean;
}

const count = (objects: object, one: string) => `${Object.keys(objects).length} ${one}${Object.keys(objects).length === 1 ? "" : "s"}`;

function countObjects({ models, datasets, tasks }: RunConfig): string {
  return `${count(models, "model")}, ${count(datasets, "dataset")} and ${count(tasks, "task")}`;
}

async function makeRun({ terminal, opened, config, offline, tellPrepared }: StartRequest): Promise<StartedRun> {
  if (tellPrepared === undefined) terminal.err(`Reading ${countObjects(config)} …\n`);
  const { prepareForRun } = await import("./prepare.ts");
  const startedAt = terminal.now().getTime();
  const prepared = await prepareForRun(terminal, opened, config, { offline });
  const run = await createRun(opened.store, { config, prepared, now: terminal.now(), author: localAuthor() });
  const seconds = (terminal.now().getTime() - startedAt) / 1000;
  terminal.err(tellPrepared?.(prepared, seconds) ?? `Ready after ${formatDuration(seconds)}.\n`);
  return { run, isNew: true, isOver: false };
}

/** Whether a finished run has more to do under this config: its budget of trials was raised. */
async function hasTrialsLeft(store: Store, run: Run, config: RunConfig): Promise<boolean> {
  return (await store.trials.counts(run.id)).chosen < config.budget.trials;
}

/**
 * The run of this config: the one that is there goes on, or is known already, or a new one is made. Two that start the
 * same config at once get the same run.
 */
export async function openRun(request: StartRequest): Promise<StartedRun> {
  const { terminal, opened, config } = request;
  const leases = new LeaseKeeper(opened.store, createHolder(), () => terminal.now().getTime());
  leases.start(() => undefined);
  try {
    return await leases.exclusively(`start:${config.name}`, () => findOrMake(request));
  } finally {
    leases.stop();
  }
}

async function findOrMake(request: StartRequest): Promise<StartedRun> {
  const { store } = request.opened;
  const known = await store.runs.find(request.config.name);
  if (known === null) return makeRun(request);
  const continuation = await settleChanges({ ...request, store, run: known });
  if (continuation === "new") return makeRun(request);
  if (continuation === "changed") await takeOver(request, known);
  const reload = async () => (await store.runs.find(known.id)) ?? known;
  const current = await reload();
  if (current.state === "finished") {
    const goesOn = continuation === "changed" && (await hasTrialsLeft(store, known, request.config));
    if (!goesOn) return { run: current, isNew: false, isOver: true };
    await store.runs.setState(known.id, ["finished"], "running", "its budget was raised");
    return { run: await reload(), isNew: false, isOver: false };
  }
  if (current.state !== "running") await resumeRun(store, known, { author: localAuthor() });
  return { run: await reload(), isNew: false, isOver: false };
}
