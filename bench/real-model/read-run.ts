import { isMerge, isPreference } from "#src/action/action.ts";
import { describeAction } from "#src/action/describe-action.ts";
import { evaluationKey } from "#src/action/key.ts";
import { measureTask } from "#src/score/compare.ts";
import type { Measured } from "#src/score/evaluation.ts";
import { openStore } from "#src/store/open-store.ts";
import type { Run, Store, Trial } from "#src/store/store.ts";

/** What a trial did and what it took. */
export interface TrialFacts {
  number: number;
  kind: string;
  label: string | null;
  family: "sft" | "preference" | "merge";
  action: string;
  model: string | null;
  parents: string[];
  learnt: boolean | null;
  failure: string | null;
  detail: string | null;
  deviceSeconds: number;
  peakMemoryMib: number;
}

/** A model's scores on the search split, by task. */
export interface ModelFacts {
  model: string;
  made: string;
  tasks: { task: string; strict: Measured; lenient: Measured; majority: number; hitTokenLimit: number }[];
}

const familyOf = ({ action: { type } }: Trial) => (isMerge(type) ? "merge" : isPreference(type) ? "preference" : "sft");

/** Everything that the one run of a home measured, from its store. */
export async function readRun(home: string): Promise<{ trials: TrialFacts[]; models: ModelFacts[] }> {
  const store = await openStore({ home });
  try {
    const [run] = await store.runs.list();
    if (run === undefined) return { trials: [], models: [] };
    const trials = await store.trials.list(run.id);
    return {
      trials: await Promise.all(trials.map((trial) => trialFacts(store, trial))),
      models: await modelFacts(store, run, trials),
    };
  } finally {
    await store.close();
  }
}

async function trialFacts(store: Store, trial: Trial): Promise<TrialFacts> {
  const jobs = await store.jobs.ofTrial(trial.runId, trial.number);
  const { number, kind, label, model, learnt, failure, detail, deviceSeconds, action } = trial;
  return {
    number,
    kind,
    label,
    model,
    learnt,
    failure,
    detail,
    family: familyOf(trial),
    action: describeAction(action),
    parents: action.models,
    deviceSeconds: Math.round(deviceSeconds * 10) / 10,
    peakMemoryMib: Math.round(Math.max(0, ...jobs.map((job) => job.peakMemoryMib ?? 0))),
  };
}

async function modelFacts(store: Store, run: Run, trials: readonly Trial[]): Promise<ModelFacts[]> {
  const models = await store.objects.models(run.id);
  return Promise.all(
    models.map(async ({ id, key, trial }) => {
      const made = trials.find(({ number }) => number === trial);
      const tasks = await Promise.all(
        run.tasks.map(async (task) => {
          const place = evaluationKey(key, task.key, "search");
          const [evaluation, outcomes] = [await store.evaluations.find(place), await store.evaluations.outcomes(place)];
          if (evaluation === null || outcomes === null) return [];
          const { majority, hitTokenLimit } = evaluation;
          const strict = measureTask(outcomes.strict, task.maximum, "search");
          return [{ task: task.id, strict, lenient: measureTask(outcomes.lenient, task.maximum, "search"), majority, hitTokenLimit }];
        }),
      );
      return { model: id, made: made === undefined ? "base model" : describeAction(made.action), tasks: tasks.flat() };
    }),
  );
}
