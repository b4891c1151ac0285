import { plannedSteps } from "#src/action/planned-steps.ts";
import type { PolicyView } from "#src/policy/policy.ts";
import type { PoolDataset } from "#src/pool/objects.ts";
import type { Run, Store } from "#src/store/store.ts";

/** What is left of a run's trials and steps, as decisions see it. */
export async function readBudget(store: Store, run: Run, datasets: readonly PoolDataset[]): Promise<PolicyView["budget"]> {
  const { chosen } = await store.trials.counts(run.id);
  const { trials, steps } = run.config.budget;
  return {
    trialsDone: chosen,
    trialsLeft: Math.max(0, trials - chosen),
    steps: steps === undefined ? null : await readSteps(store, run.id, { cap: steps, datasets }),
  };
}

/** What the trials under way will do is gone, too. */
async function readSteps(
  store: Store,
  runId: string,
  { cap, datasets }: { cap: number; datasets: readonly PoolDataset[] },
): Promise<{ left: number; done: number }> {
  const live = (await store.trials.live(runId)).filter(({ kind, steps }) => kind === "chosen" && steps === 0);
  const planned = live.reduce((sum, { action }) => sum + plannedSteps(action, datasets), 0);
  const done = (await store.trials.chosenSteps(runId)) + planned;
  return { left: Math.max(0, cap - done), done };
}
