import { join } from "node:path";
import { z } from "zod";
import { type Action, type ActionTypeName, actionTypeNames, isMerge } from "#src/action/action.ts";
import { canonicalAction } from "#src/action/canonical-action.ts";
import type { SpaceLimits } from "#src/action/choice-space.ts";
import { describeAction } from "#src/action/describe-action.ts";
import { weigh } from "#src/memory/experience.ts";
import type { ObservedTrial, Policy, PolicyView, Proposal } from "#src/policy/policy.ts";
import { proposeRandom } from "#src/policy/propose-random.ts";
import type { Rng } from "#src/policy/rng.ts";
import { trainingGroups } from "#src/policy/training-groups.ts";
import { type LineProcess, startLineProcess } from "#tools/lab/line-process.ts";

const slotSchema = z.strictObject({
  type: z.enum(actionTypeNames),
  setting: z.int().nonnegative(),
  datasets: z.array(z.string()),
  restart: z.boolean(),
  mates: z.array(z.int().nonnegative()),
});
const pipelineSchema = z.strictObject({ number: z.int(), plan: z.array(slotSchema).min(1) });
type Slot = z.infer<typeof slotSchema>;

interface Pipeline {
  number: number;
  plan: Slot[];
  /** The base, and what each slot made so far: a slot that cannot be done leaves the model as it is. */
  made: string[];
}

export interface TpeOptions {
  /** Interpreter that has Optuna. */
  python: string;
  /** The project's root. */
  root: string;
  seed: number;
  limits: SpaceLimits;
}

/** Longest pipeline of the template. */
const slots = 8;
/** Optuna's default for `n_startup_trials`. */
const startup = 10;
/**
 * Optuna's `multivariate` with `group`, made for a space whose parameters depend on each other. On the simulated
 * landscape of the tests 3 or 10 start-up pipelines, with it or without, ended within .003 of each other.
 */
const multivariate = true;
/** Pipelines in a row that hold nothing new before an action is drawn at random. */
const mostKnown = 200;

/**
 * Optuna's TPE over whole pipelines of up to eight actions of the same space. Its pipelines are worked off action by
 * action: one that the run knows already is free, a new one is proposed. The score of the last model is what TPE is told.
 */
export class TpePolicy implements Policy {
  readonly name = "tpe";
  readonly #options: TpeOptions;
  readonly #known = new Map<string, string | null>();
  #process: LineProcess | null = null;
  #pipeline: Pipeline | null = null;

  constructor(options: TpeOptions) {
    this.#options = options;
  }

  observe({ action, model }: ObservedTrial): void {
    this.#known.set(nameOf(action), model);
  }

  async propose(view: PolicyView, rng: Rng, signal?: AbortSignal): Promise<Proposal | null> {
    for (let tries = 0; tries < mostKnown; tries++) {
      signal?.throwIfAborted();
      this.#pipeline ??= { ...(await this.#open(view).ask({ ask: true }, pipelineSchema)), made: [view.models[0]?.id ?? ""] };
      const pipeline = this.#pipeline;
      const action = this.#advance(pipeline, view);
      if (action !== null) return proposal(action, pipeline);
      const value = weigh(view.scores.get(pipeline.made.at(-1) ?? "") ?? {}, view.weights);
      await this.#open(view).ask({ tell: pipeline.number, value }, z.strictObject({}));
      this.#pipeline = null;
    }
    return proposeRandom(view, rng, this.name);
  }

  /** Ends Optuna's process. */
  async close(): Promise<void> {
    await this.#process?.close();
  }

  /** The pipeline's next action that is not known yet; null when all of it is. */
  #advance(pipeline: Pipeline, view: PolicyView): Action | null {
    while (pipeline.made.length <= pipeline.plan.length) {
      const slot = pipeline.plan[pipeline.made.length - 1];
      const last = pipeline.made.at(-1) ?? "";
      if (slot === undefined) return null;
      const action = actionOf(slot, pipeline, view);
      const known = action === null ? undefined : this.#known.get(nameOf(action));
      // What failed or is not allowed leaves the pipeline where it was.
      if (action === null || known === null || (known === undefined && !view.space.check(action).valid)) pipeline.made.push(last);
      else if (known === undefined) return action;
      else pipeline.made.push(known);
    }
    return null;
  }

  #open(view: PolicyView): LineProcess {
    if (this.#process !== null) return this.#process;
    const { python, root, seed, limits } = this.#options;
    this.#process = startLineProcess({
      command: python,
      parameters: [join(root, "bench/search/arms/optuna_tpe.py")],
      environment: process.env,
    });
    const groups = trainingGroups(view.space);
    const types = view.space.types.map((name) => ({
      name,
      settings: view.space.settings(name).length,
      datasets: groups.filter(({ type }) => type === name).map(({ dataset }) => dataset.id),
      merges: isMerge(name),
      parents: mostParts(name, limits),
    }));
    this.#process.tell({ seed, slots, startup, multivariate, types });
    return this.#process;
  }
}

/** Most models of a merge, most datasets of a training. */
function mostParts(type: ActionTypeName, limits: SpaceLimits): number {
  if (isMerge(type)) return type === "merge_slerp" ? 2 : limits.merge_parents;
  return type === "sft" ? limits.mixture_datasets : 1;
}

/** Null where the slot would merge a model with itself. */
function actionOf({ type, setting, datasets, restart, mates }: Slot, { made }: Pipeline, view: PolicyView): Action | null {
  const [base = ""] = made;
  const last = made.at(-1) ?? base;
  const models = isMerge(type) ? [...new Set([last, ...mates.flatMap((mate) => made[mate] ?? [])])] : [restart ? base : last];
  const chosen = view.space.settings(type)[setting];
  if (chosen === undefined || (isMerge(type) && models.length < 2)) return null;
  return canonicalAction({ type, models, datasets, setting: chosen, seed: 0, fidelity: view.plan.fidelity });
}

function nameOf(action: Action): string {
  return JSON.stringify(canonicalAction(action));
}

function proposal(action: Action, { number, plan, made }: Pipeline): Proposal {
  return {
    action,
    candidates: [{ action, value: null, prediction: null }],
    candidatesConsidered: 1,
    shownOrder: null,
    mode: "explore",
    reason: `Pipeline ${number} of Optuna's TPE, step ${made.length} of ${plan.length}: ${describeAction(action)}.`,
    evidence: [],
    effects: [],
    next: [],
    chosenBy: "tpe",
    notes: [],
  };
}
