import { describeAction } from "#src/action/describe-action.ts";
import type { ActionTypeName, Setting } from "#src/action/action.ts";
import { isBelowBase } from "#src/policy/below-base.ts";
import type { Candidate, PolicyView } from "#src/policy/policy.ts";
import type { Rng } from "#src/policy/rng.ts";
import { keepsFloors } from "#src/score/floors.ts";
import { aggregateScores } from "./aggregate-scores.ts";
import type { SelectorBriefing } from "./prompts.ts";

/** Most models that a prompt lists: the best and the newest. The prompt's size must not grow with the run. */
const listedModels = 30;
/** Most settings that a prompt lists. */
const listedSettings = 12;

export function selectorBriefing(view: PolicyView, goal: string): SelectorBriefing {
  const { memory, plan } = view;
  return {
    goal,
    plan: `${plan.phase}: ${plan.focus}`,
    memory: memory === null ? "empty: nothing was tried yet" : `${memory.experience} Promising: ${memory.directions}`,
    noiseFloor: view.noiseFloor,
    floors: Object.entries(view.floors).map(([task, lowest]) => `${task} at least ${lowest.toFixed(3)}`),
    trialsLeft: view.budget.trialsLeft,
    directives: view.directives.filter((directive) => directive.revokedAt === null).map((directive) => directive.text),
  };
}

/** How often each action type was tried; drives the exploration quota. */
export function triedByType(view: PolicyView): Map<ActionTypeName, number> {
  const tried = new Map<ActionTypeName, number>(view.space.types.map((type) => [type, 0]));
  for (const effect of view.memory?.effects ?? []) {
    const type = view.space.types.find((name) => effect.name === `type:${name}` || effect.name.startsWith(`type:${name} at `));
    if (type !== undefined) tried.set(type, (tried.get(type) ?? 0) + effect.count);
  }
  return tried;
}

/** The models that a prompt shows, with scores and how they were made, shuffled: small models take the first of a list. */
export function modelLines(view: PolicyView, rng: Rng): string[] {
  const scored = view.models.map((model) => ({ model, score: aggregateScores(view, view.scores.get(model.id)) }));
  const best = scored.toSorted((a, b) => b.score - a.score).slice(0, listedModels / 2);
  const newest = scored.slice(-listedModels / 2);
  const shown = [...new Map([...best, ...newest].map((entry) => [entry.model.id, entry])).values()];
  return rng.shuffle(shown).map(({ model, score }) => {
    const tasks = Object.entries(view.scores.get(model.id) ?? {}).map(([task, value]) => `${task} ${value.toFixed(3)}`);
    const origin = model.trial === null ? "base model" : `made by trial ${model.trial} from ${model.parents.join(" and ")}`;
    const below = isBelowBase(model, view) ? "; BELOW ITS BASE" : "";
    const broken = keepsFloors(view.scores.get(model.id) ?? {}, view.floors) ? "" : "; BREAKS A FLOOR";
    return `${model.id}: mean ${score.toFixed(3)} (${tasks.join(", ")}); ${origin}; ${model.depth} steps from a base${below}${broken}`;
  });
}

export function datasetLines(view: PolicyView, type: ActionTypeName, formats: readonly string[], rng: Rng): string[] {
  const effects = new Map((view.memory?.effects ?? []).map((effect) => [effect.name, effect]));
  const usable = view.datasets.filter((dataset) => formats.includes(dataset.format));
  return rng.shuffle(usable).map((dataset) => {
    const effect = effects.get(`dataset:${dataset.id}`);
    const known = effect === undefined ? "not tried" : `effect so far ${effect.mean.toFixed(3)} in ${effect.count} trials`;
    return `${dataset.id}: ${dataset.rows} rows, ${dataset.format}; ${known}`;
  });
}

/** Settings under neutral ids, in random order; ranges are drawn three times. */
export function listSettings(view: PolicyView, type: ActionTypeName, rng: Rng): Map<string, Setting> {
  const hasRange = view.space.size().dimensions.some((dimension) => dimension.actionType === type);
  const settings = hasRange
    ? Array.from({ length: listedSettings }, () => view.space.sampleSetting(type, rng))
    : rng.shuffle(view.space.settings(type)).slice(0, listedSettings);
  return new Map(settings.map((setting, index) => [`s${index + 1}`, setting]));
}

/** Only what differs between the settings is worth tokens. */
export function settingLines(settings: ReadonlyMap<string, Setting>): string[] {
  const all = [...settings.values()];
  const names = Object.keys(all[0] ?? {}).filter((name) => new Set(all.map((setting) => JSON.stringify(setting[name]))).size > 1);
  return [...settings].map(([id, setting]) => {
    const values = names.map((name) => `${name} ${JSON.stringify(setting[name])}`);
    return `${id}: ${values.length === 0 ? "the only setting" : values.join(", ")}`;
  });
}

export function candidateLine(id: string, candidate: Candidate): string {
  const { prediction } = candidate;
  const predicted =
    prediction === null
      ? "no prediction"
      : `predicted ${prediction.mean.toFixed(3)} [${prediction.low.toFixed(3)}, ${prediction.high.toFixed(3)}]`;
  return `${id}: ${describeAction(candidate.action)}; ${predicted}`;
}
