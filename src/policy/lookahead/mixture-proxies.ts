import { type Action, isFull, isMerge } from "../../action/action.ts";
import { compareIds } from "../../action/compare-ids.ts";
import { citeTrials } from "../../memory/cite-trials.ts";

/** A way to train on several datasets, whatever it is trained on. */
interface MixedData {
  type: Action["type"];
  datasets: readonly string[];
}

/** A model that one full training on one dataset made. */
interface Origin {
  type: Action["type"];
  parent: string;
  dataset: string;
  setting: Action["setting"];
}

interface Proxy {
  sum: Float64Array;
  trials: number[];
}

const trialsKept = 10;

/**
 * Merges as cheap proxies of data mixtures: models trained on one dataset each, from the same model, and merged score much
 * like one model trained on these datasets at once (Merge to Mix, arXiv 2505.16066), and a merge takes no training steps.
 * Kept by set of datasets is how far the merges ended from what the datasets' own effects let expect.
 */
export class MixtureProxies {
  readonly #origins = new Map<string, Origin>();
  readonly #proxies = new Map<string, Proxy>();

  /** Notes what made a model. */
  note(action: Action, model: string): void {
    const [parent] = action.models;
    const [dataset] = action.datasets;
    if (action.type !== "sft" || action.datasets.length !== 1 || !isFull(action) || parent === undefined || dataset === undefined) return;
    this.#origins.set(model, { type: action.type, parent, dataset, setting: action.setting });
  }

  /**
   * The training on several datasets at once that a merge stands in for; null when its parents are no siblings of one
   * training each, alike but for the data.
   */
  standIn(merge: Action): Action | null {
    if (!isMerge(merge.type)) return null;
    const origins = merge.models.flatMap((id) => this.#origins.get(id) ?? []);
    const [first] = origins;
    const datasets = new Set(origins.map(({ dataset }) => dataset));
    if (first === undefined || origins.length < merge.models.length || datasets.size < origins.length) return null;
    if (origins.some(({ parent, setting }) => parent !== first.parent || !isSameSetting(setting, first.setting))) return null;
    return { ...merge, type: first.type, models: [first.parent], datasets: [...datasets].toSorted(compareIds), setting: first.setting };
  }

  /** Takes in how far a merge ended from what was expected of the mixture, by task. */
  add(mixture: MixedData, surplus: Float64Array, trial: number): void {
    const name = mixtureName(mixture);
    const known = this.#proxies.get(name);
    if (known === undefined) {
      this.#proxies.set(name, { sum: surplus.slice(), trials: [trial] });
      return;
    }
    for (const [t, value] of surplus.entries()) known.sum[t] = (known.sum[t] ?? 0) + value;
    known.trials.push(trial);
  }

  /** Mean surplus by task of merges that stand in for this mixture; null when there is none. */
  surplus(mixture: MixedData): Float64Array | null {
    const known = this.#proxies.get(mixtureName(mixture));
    return known === undefined ? null : known.sum.map((value) => value / known.trials.length);
  }

  /** What such merges say for a mixture, in a sentence; null when there is none, and for other actions. */
  describe(action: Action): string | null {
    if (isMerge(action.type) || action.datasets.length < 2) return null;
    const trials = this.trials(action);
    return trials.length === 0
      ? null
      : `Merges of models trained on each of them alone stood in for the mixture beforehand (${citeTrials(trials)}).`;
  }

  /** The latest trials of such merges. */
  trials(mixture: MixedData): number[] {
    return this.#proxies.get(mixtureName(mixture))?.trials.slice(-trialsKept) ?? [];
  }
}

function isSameSetting(a: Action["setting"], b: Action["setting"]): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** A set of datasets as a name, in any order. */
export function mixtureName({ type, datasets }: MixedData): string {
  return `${type} ${datasets.toSorted(compareIds).join(" + ")}`;
}
