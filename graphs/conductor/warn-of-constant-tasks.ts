import { describeConstantTask } from "#src/score/constant-tasks.ts";
import { readConstantTasks } from "#src/service/read-constant-tasks.ts";
import type { Run, Store } from "#src/store/store.ts";

/** The event that says of a task that it tells no model from another. */
const constantTaskEvent = "task-constant";

/** Says once of each task that gave every model the same score so far; to be called when the baselines are measured. */
export async function warnOfConstantTasks(store: Store, run: Run): Promise<void> {
  const tasks = await readConstantTasks(store, run);
  if (tasks.length === 0) return;
  await store.transaction(async (inside) => {
    const told = new Set(
      (await inside.events.list(run.id)).filter(({ kind }) => kind === constantTaskEvent).map(({ fields }) => fields["task"]),
    );
    for (const task of tasks.filter((each) => !told.has(each))) {
      const text = describeConstantTask(task);
      await inside.events.append({ runId: run.id, kind: constantTaskEvent, actor: "conductor", trial: null, text, fields: { task } });
    }
  });
}
