import { actionSchema } from "#src/action/action-schema.ts";
import { describeAction } from "#src/action/describe-action.ts";
import type { PaperRun } from "#src/paper/results.ts";
import type { RunRecord } from "#src/search/run-record.ts";

/** A run with every decision and score as the results keep it: actions as sentences. */
export function shortRun({ experiment, arm, world, base, trials }: RunRecord): PaperRun {
  return {
    experiment,
    arm,
    seed: world,
    base,
    trials: trials.map(({ number, action, model, key, scores, aggregate, steps, failure, chosenBy, mode }) => {
      const what = describeAction({ ...actionSchema.parse(action), seed: 0 });
      return { number, what, model, key, scores, aggregate, steps, failure, chosenBy, mode };
    }),
  };
}
