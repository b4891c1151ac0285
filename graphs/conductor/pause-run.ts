import type { Store } from "#src/store/store.ts";

/** Leaves it to people how a run goes on. */
export async function pauseRun(store: Store, runId: string, reason: string): Promise<void> {
  const text = `Paused: ${reason}. Change the limit, then resume.`;
  await store.transaction(async (inside) => {
    if (!(await inside.runs.setState(runId, ["running"], "paused", reason))) return;
    await inside.events.append({ runId, kind: "run-pause", actor: "conductor", trial: null, text, fields: {} });
  });
}
