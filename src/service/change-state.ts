import { TemperError } from "../errors.ts";
import type { Command, Run, RunState, Store } from "../store/store.ts";
import { type Control, controlStates, refusedControl } from "./control-states.ts";

interface StateChange {
  control: Control;
  to: RunState;
  /** What the conductor is told. */
  command: Command["kind"];
  author: string;
  /** What the event says, and the run's reason. */
  text: string;
}

/** Moves a run to another state at a person's wish, tells the conductor and writes it down, as one transaction. */
export async function changeState(store: Store, run: Pick<Run, "id" | "name">, change: StateChange): Promise<void> {
  await store.transaction(async (inside) => {
    if (!(await inside.runs.setState(run.id, controlStates[change.control], change.to, change.text))) {
      const known = await inside.runs.find(run.id);
      if (known === null) throw new TemperError("not_found", `There is no run ${run.id}.`, { run: run.id });
      throw refusedControl(change.control, known);
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
