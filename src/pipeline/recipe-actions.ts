import type { Action } from "../action/action.ts";
import type { Recipe, RecipeStep } from "./recipe-schema.ts";

/** A step as an action whose `models` are names of bases and steps; a replay puts pool ids in their place. */
export function stepAction(step: RecipeStep): Action {
  const { action: type, models, datasets, setting, seed, fidelity } = step;
  return { type, models, datasets, setting, seed, fidelity };
}

/** A recipe's actions in an order in which every parent is made before its children. */
export function recipeActions(recipe: Recipe): { step: string; action: Action }[] {
  const made = new Set(Object.keys(recipe.models));
  const ordered: { step: string; action: Action }[] = [];
  let waiting = recipe.steps;
  while (waiting.length > 0) {
    const ready = waiting.filter((step) => step.models.every((model) => made.has(model)));
    if (ready.length === 0) throw new RangeError(`steps ${waiting.map((step) => step.name).join(", ")} wait for each other`);
    for (const step of ready) {
      made.add(step.name);
      ordered.push({ step: step.name, action: stepAction(step) });
    }
    waiting = waiting.filter((step) => !made.has(step.name));
  }
  return ordered;
}
