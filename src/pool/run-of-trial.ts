import type { Run } from "../store/store.ts";

/** The run as a trial's job knows it: without the tasks that joined while the trial was under way. */
export function runOfTrial<R extends Pick<Run, "tasks">>(run: R, trial: number): R {
  if (!run.tasks.some(({ joined }) => joined?.trials.includes(trial))) return run;
  return { ...run, tasks: run.tasks.filter(({ joined }) => joined?.trials.includes(trial) !== true) };
}
