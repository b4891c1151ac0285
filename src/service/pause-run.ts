import type { Run, Store } from "../store/store.ts";
import { changeState } from "./change-state.ts";

/** Starts no new trials; those under way are finished. @throws UserInputError when the run is not running. */
export async function pauseRun(store: Store, run: Pick<Run, "id" | "name">, { author }: { author: string }): Promise<void> {
  await changeState(store, run, { control: "pause", to: "paused", command: "pause", author, text: `paused by ${author}` });
}
