import type { Store, Trial } from "#src/store/store.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { questionOf } from "../discovery/question-of.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import { trialResource } from "./trial-resource.ts";

/**
 * A trial that nobody works on: left by a conductor that died, or with an answer from people. Its lease is ours then.
 * Null when there is none beside those in `mine`.
 */
export async function takeLeftTrial(
  { context: { store }, leases }: { context: Pick<DiscoveryContext, "store">; leases: LeaseKeeper },
  runId: string,
  mine: ReadonlySet<number | null>,
): Promise<Trial | null> {
  for (const trial of await store.trials.live(runId)) {
    if (mine.has(trial.number)) continue;
    if (trial.state === "waiting" && !(await isAnswered(store, trial))) continue;
    if (await leases.acquire(trialResource(runId, trial.number))) return trial;
  }
  return null;
}

async function isAnswered(store: Store, trial: Trial): Promise<boolean> {
  return (await questionOf(store, trial))?.state !== "pending";
}
