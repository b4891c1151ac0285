import { TemperError } from "#src/errors.ts";
import type { Run, Store } from "#src/store/store.ts";

/** The run as it stands. @throws TemperError when there is none. */
export async function runById(store: Store, runId: string): Promise<Run> {
  const run = await store.runs.find(runId);
  if (run === null)
    throw new TemperError("not_found", `There is no run ${runId} in this home. \`temper status\` lists the runs.`, { runId });
  return run;
}
