import { actionTypes } from "#src/action/action-types.ts";
import type { Action } from "#src/action/action.ts";
import { ChoiceSpace } from "#src/action/choice-space.ts";
import { Experience } from "#src/memory/experience.ts";
import { makePlan } from "#src/memory/make-plan.ts";
import type { MemoryVersion } from "#src/memory/memory.ts";
import type { Plan } from "#src/memory/plan.ts";
import { writeMemory } from "#src/memory/write-memory.ts";
import type { ObservedTrial, Policy, PolicyView, Proposal, TaskScores } from "#src/policy/policy.ts";
import { createRng } from "#src/policy/rng.ts";
import { childModel } from "#src/pool/child-model.ts";
import type { PoolDataset, PoolModel } from "#src/pool/objects.ts";
import { taskWeights } from "#src/score/aggregate.ts";
import type { Made, SearchWorld } from "./search-world.ts";

/**
 * A run in memory, one lane, without baselines: what the conductor, the rule-based planner and the reflector do with a
 * policy. Every chosen trial counts, also one whose result another arm has paid for.
 */
export class SearchRun implements PolicyView {
  readonly tasks: readonly string[];
  readonly weights: TaskScores;
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
  plan: Plan;
  memory: MemoryVersion | null = null;
  budget: PolicyView["budget"];
  readonly #world: SearchWorld;
  readonly #seed: number;
  readonly #experience = new Experience();

  private constructor(world: SearchWorld, seed: number, trials: number, base: TaskScores) {
    this.#world = world;
    this.#seed = seed;
    this.datasets = world.datasets;
    this.tasks = Object.keys(world.config.tasks);
    this.weights = Object.fromEntries(taskWeights(world.config, []).map(({ task, weight }) => [task, weight]));
    this.space = new ChoiceSpace(world.config);
    for (const dataset of world.datasets) this.space.addDataset(dataset);
    this.budget = { trialsLeft: trials, trialsDone: 0 };
    this.#addModel(world.base, base);
    this.plan = makePlan({ previous: null, baselinesLeft: 0, experience: this.#experience, view: this });
  }

  /** @param seed drives the arm's choices only. @param trials the budget. */
  static async open(world: SearchWorld, { seed, trials }: { seed: number; trials: number }): Promise<SearchRun> {
    return new SearchRun(world, seed, trials, await world.scoreBase());
  }

  /** One turn of the loop; null when the policy finds nothing to do. */
  async step(policy: Policy): Promise<{ trial: ObservedTrial; proposal: Proposal; made: Made } | null> {
    if (this.decision > this.plan.until)
      this.plan = makePlan({ previous: this.plan, baselinesLeft: 0, experience: this.#experience, view: this });
    const proposal = await policy.propose(this, createRng(this.#seed, "decision", this.decision));
    if (proposal === null) return null;
    this.decision += 1;
    const { action } = proposal;
    this.space.claim(action);
    const made = await this.#world.make(action, this.modelsById);
    const trial = this.#record(action, made);
    this.#experience.observe(trial, this);
    policy.observe(trial, this);
    const prediction = proposal.candidates[0]?.prediction ?? null;
    this.memory = writeMemory({ previous: this.memory, trial, prediction, experience: this.#experience, view: this });
    return { trial, proposal, made };
  }

  #record(action: Action, made: Made): ObservedTrial {
    const number = this.trials.length + 1;
    const parents = action.models.flatMap((id) => this.modelsById.get(id) ?? []);
    const data = this.datasets.filter((dataset) => action.datasets.includes(dataset.id));
    const model = made.kind === "made" ? `m${this.models.length}` : null;
    const { steps } = actionTypes[action.type].cost(parents, data, action.setting);
    if (made.kind === "made" && model !== null) {
      const child = { id: model, key: made.key, trial: number, type: action.type, parents, path: made.path };
      this.#addModel(childModel({ ...child, form: "full" }), made.scores);
    }
    const trial: ObservedTrial = {
      number,
      kind: "chosen",
      action,
      model,
      scores: made.kind === "made" ? made.scores : null,
      failure: made.kind === "failed" ? made.reason : null,
      steps: Math.round(steps * action.fidelity.steps),
    };
    this.trials.push(trial);
    this.budget = { trialsLeft: Math.max(0, this.budget.trialsLeft - 1), trialsDone: this.budget.trialsDone + 1 };
    return trial;
  }

  #addModel(model: PoolModel, scores: TaskScores): void {
    this.models.push(model);
    this.modelsById.set(model.id, model);
    this.scores.set(model.id, scores);
    this.space.addModel(model);
  }
}
