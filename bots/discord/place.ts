import type { Person } from "#src/approval/person.ts";
import { findRun } from "#src/service/find-run.ts";
import { UserInputError } from "#src/errors.ts";
import type { Run, Store } from "#src/store/store.ts";
import type { Desk } from "./desk.ts";

/** Where something was said, and by whom. */
export interface Place {
  desk: Desk;
  /** Runs that live in other guilds are not in it. */
  store: Store;
  person: Person;
  channel: string;
  /** null in a direct message. */
  guild: string | null;
  /** The run that lives in the channel. */
  runId: string | null;
}

const liveStates = new Set<Run["state"]>(["running", "paused", "stopping"]);

/** The run that is meant: the one named, the channel's own, the latest that goes on, or the latest. */
export async function runOf({ store, runId }: Pick<Place, "store" | "runId">, name: string | null): Promise<Run> {
  if (name !== null) return findRun(store, name);
  if (runId !== null) return findRun(store, runId);
  const runs = (await store.runs.list()).toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  const run = runs.find(({ state }) => liveStates.has(state)) ?? runs[0];
  if (run === undefined) throw new UserInputError("There is no run yet. Start one: /run start", {}, "not_found");
  return run;
}
