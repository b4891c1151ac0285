import type { Action } from "../action/action.ts";
import { ChoiceSpace } from "../action/choice-space.ts";
import { plannedSteps } from "../action/planned-steps.ts";
import { Experience } from "../memory/experience.ts";
import { makePlan, type MakePlanInput } from "../memory/make-plan.ts";
import type { MemoryVersion } from "../memory/memory.ts";
import type { Plan } from "../memory/plan.ts";
import { writeMemory, type WriteMemoryInput } from "../memory/write-memory.ts";
import type { ObservedTrial, Policy, PolicyView, Proposal, TaskScores } from "../policy/policy.ts";
import { createRng } from "../policy/rng.ts";
import { childModel } from "../pool/child-model.ts";
import type { PoolDataset, PoolModel } from "../pool/objects.ts";
import { taskWeights } from "../score/aggregate.ts";
import { lowestScores } from "../score/floors.ts";
import type { Made, SearchWorld } from "./search-world.ts";

/** Who plans, selects and reflects. */
export interface SearchRoles {
  plan(input: MakePlanInput): Promise<Plan>;
  policy: Policy;
  reflect(input: WriteMemoryInput): Promise<MemoryVersion>;
}

/** A policy with the rules as planner and reflector. */
export function withRules(policy: Policy): SearchRoles {
  return { policy, plan: async (input) => makePlan(input), reflect: async (input) => writeMemory(input) };
}

interface Turn {
  trial: ObservedTrial;
  made: Made;
}

/**
 * A run in memory, one lane, without baselines unless they are handed in: what the conductor, the planner and the
 * reflector do with a policy. Every chosen trial counts, also one whose result another search has paid for.
 */
export class SearchRun implements PolicyView {
  readonly tasks: readonly string[];
  readonly weights: TaskScores;
  readonly floors: TaskScores;
  readonly models: PoolModel[] = [];
  readonly modelsById = new Map<string, PoolModel>();
  readonly datasets: readonly PoolDataset[];
  readonly scores = new Map<string, TaskScores>();
  readonly trials: ObservedTrial[] = [];
  readonly pending = [];
  readonly space: ChoiceSpace;
  readonly directives = [];
  readonly noiseFloor = null;
  decision = 1;
  /** The rules' until the planner is asked, before the first decision. */
  plan: Plan;
  memory: MemoryVersion | null = null;
  budget: PolicyView["budget"];
  readonly #world: SearchWorld;
  readonly #seed: number;
  readonly #experience = new Experience();
  #isPlanned = false;

  private constructor(world: SearchWorld, seed: number, trials: number, base: TaskScores) {
    this.#world = world;
    this.#seed = seed;
    this.datasets = world.datasets;
    this.tasks = Object.keys(world.config.tasks);
    const weights = taskWeights(world.config, []);
    this.weights = Object.fromEntries(weights.map(({ task, weight }) => [task, weight]));
    const items = Object.fromEntries(Object.entries(world.config.tasks).map(([task, setting]) => [task, setting.items.search]));
    this.floors = lowestScores(weights, [{ scores: base, items }]);
    this.space = new ChoiceSpace(world.config);
    for (const dataset of world.datasets) this.space.addDataset(dataset);
    const { steps } = world.config.budget;
    this.budget = { trialsLeft: trials, trialsDone: 0, steps: steps === undefined ? null : { left: steps, done: 0 } };
    this.#addModel(world.base, base);
    this.plan = makePlan({ previous: null, baselinesLeft: 0, experience: this.#experience, view: this });
  }

  /** @param seed drives the arm's choices only. @param trials the budget. */
  static async open(world: SearchWorld, { seed, trials }: { seed: number; trials: number }): Promise<SearchRun> {
    return new SearchRun(world, seed, trials, await world.scoreBase());
  }

  /** One turn of the loop; null when the policy finds nothing to do. */
  async step({ policy, plan, reflect }: SearchRoles): Promise<(Turn & { proposal: Proposal }) | null> {
    if (!this.#isPlanned || this.decision > this.plan.until) {
      const previous = this.#isPlanned ? this.plan : null;
      this.plan = await plan({ previous, baselinesLeft: 0, experience: this.#experience, view: this });
      this.#isPlanned = true;
    }
    const proposal = await policy.propose(this, createRng(this.#seed, "decision", this.decision));
    if (proposal === null) return null;
    this.decision += 1;
    const { action } = proposal;
    const turn = await this.#make(action, "chosen", policy);
    const prediction = proposal.candidates[0]?.prediction ?? null;
    this.memory = await reflect({ previous: this.memory, trial: turn.trial, prediction, experience: this.#experience, view: this });
    return { ...turn, proposal };
  }

  /** Makes a fixed trial before the search: evidence for the policy, and no part of its budget. */
  give(action: Action, { policy }: SearchRoles): Promise<Turn> {
    return this.#make(action, "baseline", policy);
  }

  async #make(action: Action, kind: "chosen" | "baseline", policy: Policy): Promise<Turn> {
    this.space.claim(action);
    const made = await this.#world.make(action, this.modelsById);
    const trial = this.#record(action, kind, made);
    if (kind === "chosen") this.#spend(trial.steps);
    this.#experience.observe(trial, this);
    policy.observe(trial, this);
    return { trial, made };
  }

  #spend(done: number): void {
    const { trialsLeft, trialsDone, steps } = this.budget;
    const left = steps === null ? null : { left: Math.max(0, steps.left - done), done: steps.done + done };
    this.budget = { trialsLeft: Math.max(0, trialsLeft - 1), trialsDone: trialsDone + 1, steps: left };
  }

  #record(action: Action, kind: "chosen" | "baseline", made: Made): ObservedTrial {
    const number = this.trials.length + 1;
    const parents = action.models.flatMap((id) => this.modelsById.get(id) ?? []);
    const steps = plannedSteps(action, this.datasets);
    const model = made.kind === "made" ? `m${this.models.length}` : null;
    if (made.kind === "made" && model !== null) {
      const child = { id: model, key: made.key, trial: number, type: action.type, parents, path: made.path };
      this.#addModel(childModel({ ...child, form: made.form ?? "full" }), made.scores);
    }
    const trial: ObservedTrial = {
      number,
      kind,
      action,
      model,
      scores: made.kind === "made" ? made.scores : null,
      failure: made.kind === "failed" ? made.reason : null,
      steps,
    };
    this.trials.push(trial);
    return trial;
  }

  #addModel(model: PoolModel, scores: TaskScores): void {
    this.models.push(model);
    this.modelsById.set(model.id, model);
    this.scores.set(model.id, scores);
    this.space.addModel(model);
  }
}
