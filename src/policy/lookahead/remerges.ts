import { type Action, isMerge } from "../../action/action.ts";
import { compareIds } from "../../action/compare-ids.ts";

/** Merges of the same trained models: methods, weights and densities that are worth a trial each. */
const mostOfOneKind = 3;
/** A model with more trained models in it counts as one of its own: nobody merges so many again and again. */
const mostIngredients = 12;

/**
 * Which trained models a merge mixes in the end. Merging merges of the same models again and again moves nothing: what they
 * could give was shown by the first few.
 */
export class Remerges {
  /** Trained models in a merged model. */
  readonly #ingredients = new Map<string, readonly string[]>();
  readonly #count = new Map<string, number>();

  /** Takes in a trial that was made, or that failed: then there is no model. */
  note(action: Action, model: string | null): void {
    if (!isMerge(action.type)) return;
    const ingredients = this.#of(action);
    const name = ingredients.join();
    this.#count.set(name, (this.#count.get(name) ?? 0) + 1);
    if (model !== null && ingredients.length <= mostIngredients) this.#ingredients.set(model, ingredients);
  }

  /** Whether enough merges of these trained models were made already. @param pending actions under way count, too. */
  isWornOut(action: Action, pending: readonly Action[]): boolean {
    if (!isMerge(action.type)) return false;
    const name = this.#of(action).join();
    const underWay = pending.filter((other) => isMerge(other.type) && this.#of(other).join() === name).length;
    return (this.#count.get(name) ?? 0) + underWay >= mostOfOneKind;
  }

  #of({ models }: Action): string[] {
    return [...new Set(models.flatMap((id) => this.#ingredients.get(id) ?? [id]))].toSorted(compareIds);
  }
}
