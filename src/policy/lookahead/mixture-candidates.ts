import type { Action } from "../../action/action.ts";
import { canonicalAction } from "../../action/canonical-action.ts";
import { sampleSubset } from "../../action/combinations.ts";
import { mixtureTemperature } from "../../action/mixture-temperature.ts";
import type { PoolModel } from "../../pool/objects.ts";
import type { Rng } from "../rng.ts";
import type { CandidatesInput, TrainingChoice } from "./candidates.ts";
import type { EffectModel } from "./effect-model.ts";
import { leaders } from "./parents.ts";
import type { Candidate } from "./rank.ts";

/** As many as there are merges: about a quarter of all candidates. */
const mostMixtures = 300;
/** Parents that half of the mixtures go on from, beside the best of each task. */
const mixtureLeaders = 8;

/**
 * Sampled trainings on several datasets: half on the leaders and the bases, half on any model; every other set is one that
 * trials have shown, so that what worked is gone on with.
 */
export function mixtureCandidates(
  input: CandidatesInput,
  model: EffectModel,
  choices: readonly TrainingChoice[],
  rng: Rng,
): Pick<Candidate, "action" | "parts">[] {
  const { view, maxDepth } = input;
  const usable = view.models.filter(({ id, depth }) => depth < maxDepth && view.scores.has(id));
  const types = view.space.types.filter((type) => type === "sft");
  if (usable.length === 0 || view.space.mostDatasets < 2) return [];
  const promising = [...leaders(usable, view, mixtureLeaders, input.aggregate), ...usable.filter(({ depth }) => depth === 0)];
  const found = new Map<string, Pick<Candidate, "action" | "parts">>();
  for (const type of types) {
    const drawn = Draws.of(type, input, model, choices);
    if (drawn === null) continue;
    for (let draw = 0; draw < mostMixtures; draw++) {
      const candidate = drawn.draw(rng.pick(draw % 2 === 0 ? promising : usable), draw % 4 < 2, rng);
      const key = JSON.stringify(candidate.action);
      if (!found.has(key) && view.space.check(candidate.action).valid) found.set(key, candidate);
    }
  }
  return [...found.values()];
}

/** What the mixtures of one action type are drawn from. */
class Draws {
  readonly #type: Action["type"];
  readonly #input: CandidatesInput;
  readonly #model: EffectModel;
  /** Choices by setting: a mixture trains all of its datasets with one. */
  readonly #bySetting: ReadonlyMap<Action["setting"], ReadonlyMap<string, number>>;
  readonly #datasets: readonly string[];
  readonly #known: readonly (readonly string[])[];
  /** Whether the run searches over temperatures. */
  readonly #isWeighted: boolean;

  private constructor(type: Action["type"], input: CandidatesInput, model: EffectModel, choices: readonly TrainingChoice[]) {
    this.#type = type;
    this.#input = input;
    this.#model = model;
    const bySetting = new Map<Action["setting"], Map<string, number>>();
    for (const [index, { group, setting }] of choices.entries()) {
      const member = model.layout.groups[group];
      if (member?.type !== type) continue;
      const places = bySetting.get(setting) ?? new Map<string, number>();
      bySetting.set(setting, places.set(member.dataset.id, index));
    }
    this.#bySetting = bySetting;
    this.#datasets = model.layout.groups.filter((group) => group.type === type).map(({ dataset }) => dataset.id);
    const { mostDatasets } = input.view.space;
    this.#isWeighted = input.view.space.settings(type).some((setting) => mixtureTemperature in setting);
    this.#known = model.mixtures
      .filter((known) => known.type === type && known.datasets.length <= mostDatasets)
      .map((known) => known.datasets);
  }

  /** Null when there are no two datasets to mix. */
  static of(type: Action["type"], input: CandidatesInput, model: EffectModel, choices: readonly TrainingChoice[]): Draws | null {
    const draws = new Draws(type, input, model, choices);
    return draws.#datasets.length < 2 ? null : draws;
  }

  draw(parent: PoolModel, known: boolean, rng: Rng): Pick<Candidate, "action" | "parts"> {
    const { view } = this.#input;
    const most = Math.min(view.space.mostDatasets, this.#datasets.length);
    const datasets = known && this.#known.length > 0 ? rng.pick(this.#known) : sampleSubset(this.#datasets, 2 + rng.below(most - 1), rng);
    const [single, places] = rng.pick([...this.#bySetting]);
    const setting = this.#isWeighted ? { ...single, ...this.#temperature(rng) } : single;
    const action = canonicalAction({
      type: this.#type,
      models: [parent.id],
      datasets: [...datasets],
      setting,
      seed: 0,
      fidelity: view.plan.fidelity,
    });
    const parts = (this.#model.parts(action, view) ?? []).flatMap(({ group, share }) => {
      const choice = places.get(this.#model.layout.groups[group]?.dataset.id ?? "");
      return choice === undefined ? [] : [{ choice, share }];
    });
    return { action, parts };
  }

  /** How the datasets of one mixture are weighted; drawn, and judged by what it makes of the parts' shares. */
  #temperature(rng: Rng): Action["setting"] {
    const { [mixtureTemperature]: temperature } = this.#input.view.space.sampleSetting(this.#type, rng);
    return temperature === undefined ? {} : { [mixtureTemperature]: temperature };
  }
}
