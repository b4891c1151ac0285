import { actionTypes } from "#src/action/action-types.ts";
import { actionTypeNames, isMerge } from "#src/action/action.ts";
import { formatChange } from "#src/memory/format-score.ts";
import type { Effect } from "#src/memory/memory.ts";

/** An effect that rests on fewer trials is an anecdote. */
const fewestTrials = 3;
const shownEach = 2;

/** `dataset:gsm8k` → `gsm8k`, `type:merge_ties` → `TIES merges`, `type:dpo` → `DPO`. */
function effectTitle(name: string): string {
  const [kind = "", what = ""] = name.split(/:(.*)/s);
  const type = actionTypeNames.find((known) => known === what);
  if (kind !== "type" || type === undefined) return what;
  return isMerge(type) ? `${actionTypes[type].title}s` : type.toUpperCase();
}

function effectText({ name, mean, low, high, count }: Effect): string {
  return `${effectTitle(name)} (${formatChange(mean)} ±${((high - low) / 2).toFixed(3).replace(/^0/, "")}, ${count} trials)`;
}

/** Datasets, merges and preference methods. That SFT as such helps is no news, and pairs of the two say the same again. */
function isTelling({ name }: Effect): boolean {
  return name.startsWith("dataset:") || (name.startsWith("type:") && name !== "type:sft");
}

const verb = (list: readonly Effect[], one: string, many: string) =>
  `${list.map(effectText).join(" and ")} ${list.length === 1 ? one : many}`;

/**
 * What helped and what did harm, as one sentence; only effects whose interval excludes 0. Empty when the trials show
 * nothing of the kind.
 */
export function renderEffects(effects: readonly Effect[]): string {
  const sure = effects.filter((effect) => isTelling(effect) && effect.count >= fewestTrials);
  const helps = sure
    .filter(({ low }) => low > 0)
    .toSorted((a, b) => b.mean - a.mean)
    .slice(0, shownEach);
  const harms = sure
    .filter(({ high }) => high < 0)
    .toSorted((a, b) => a.mean - b.mean)
    .slice(0, shownEach);
  return [
    ...(helps.length > 0 ? [verb(helps, "raises the score", "raise the score")] : []),
    ...(harms.length > 0 ? [verb(harms, "lowers it", "lower it")] : []),
  ].join("; ");
}
