import type { Run } from "#src/store/store.ts";
import { collectGarbage } from "../artefacts/collect-garbage.ts";
import type { JobContext } from "../job-context.ts";
import { measureHome } from "./measure-home.ts";

const bytesPerGb = 1e9;
/** Room is made when so much of the budget is taken, down to the second share: not for every job anew. */
const fullShare = 0.9;
const roomyShare = 0.75;

/** Keeps a home within its run's disk budget before a job starts. @returns what the home takes then, in bytes. */
export async function makeRoom({ store, home, now, log }: JobContext, run: Run, diskGb: number): Promise<number> {
  const bytes = await measureHome(home);
  const limit = diskGb * bytesPerGb;
  if (bytes <= limit * fullShare) return bytes;
  const { removed, freedBytes, homeBytes } = await collectGarbage({ store, home, now: now(), targetBytes: limit * roomyShare });
  if (removed.length === 0) return homeBytes;
  const models = removed.flatMap(({ model }) => model ?? []);
  const what = models.length === 0 ? "scratch of jobs that are over" : `${models.join(", ")}, to be remade when they are asked for`;
  const text = `Removed ${(freedBytes / bytesPerGb).toFixed(2)} GB to stay within budget.disk_gb: ${what}.`;
  log.info({ run: run.id, freedBytes }, text);
  await store.events.append({ runId: run.id, kind: "artefacts-remove", actor: "conductor", trial: null, text, fields: { removed } });
  return homeBytes;
}
