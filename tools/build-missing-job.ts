import { isMerge } from "#src/action/action.ts";
import type { RegisteredTask } from "#src/pool/objects.ts";
import type { Trial } from "#src/store/store.ts";
import { evaluateStep } from "./evaluate-step.ts";
import type { JobSpec } from "./job-spec.ts";
import type { JobView } from "./job-view.ts";
import { childRef, findModel, modelRef } from "./model-ref.ts";

/** A job that evaluates what a trial made on tasks which joined the run while the trial was under way. */
export function buildMissingJob(view: JobView, { number, action, key }: Trial, tasks: readonly RegisteredTask[]): JobSpec {
  const [parent = ""] = action.models;
  const isAdapter = !isMerge(action.type) && action.setting["peft_r"] != null;
  const child = childRef(key, isAdapter ? modelRef(view, parent) : null);
  const step = evaluateStep({ ...view.run, tasks: [...tasks] }, child, findModel(view, parent).parameters, "search");
  return { run: view.run.id, trial: number, batch: null, key: step.key, actionType: "evaluate", purpose: "evaluate", steps: [step] };
}
