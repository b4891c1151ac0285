import { UserInputError } from "../errors.ts";
import type { Command, Run, RunState, Store } from "../store/store.ts";

interface StateChange {
  from: readonly RunState[];
  to: RunState;
  /** What the conductor is told. */
  command: Command["kind"];
  author: string;
  /** `pause`: for the refusal. */
  verb: string;
  /** What the event says, and the run's reason. */
  text: string;
}

/** Moves a run to another state at a person's wish, tells the conductor and writes it down, as one transaction. */
export async function changeState(store: Store, run: Pick<Run, "id" | "name">, change: StateChange): Promise<void> {
  await store.transaction(async (inside) => {
    if (!(await inside.runs.setState(run.id, change.from, change.to, change.text))) {
      const state = (await inside.runs.find(run.id))?.state ?? "unknown";
      throw new UserInputError(
        `${run.name} is ${state}: only a run that is ${listWords(change.from)} can be ${change.verb}.`,
        { run: run.id, state },
        "conflict",
      );
    }
    await inside.commands.add({ runId: run.id, kind: change.command, author: change.author, fields: {} });
    await inside.events.append({
      runId: run.id,
      kind: `run-${change.command}`,
      actor: change.author,
      trial: null,
      text: change.text,
      fields: {},
    });
  });
}

function listWords(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}
