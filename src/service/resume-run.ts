import type { Run, Store } from "../store/store.ts";
import { changeState } from "./change-state.ts";

/** Lets a run go on that was paused, stopped or failed. @throws UserInputError when it runs already or is finished. */
export async function resumeRun(store: Store, run: Pick<Run, "id" | "name">, { author }: { author: string }): Promise<void> {
  await changeState(store, run, { control: "resume", to: "running", command: "resume", author, text: `resumed by ${author}` });
}
