import { Document, isMap, isScalar, isSeq, type YAMLMap } from "yaml";
import { describeMethod } from "../action/describe-action.ts";
import { formatInterval } from "../memory/format-score.ts";
import { stepAction } from "./recipe-actions.ts";
import type { Recipe } from "./recipe-schema.ts";

function header(recipe: Recipe): string {
  const { run, model, trial } = recipe.found;
  const where = trial === null ? "a base model" : `trial ${trial}`;
  const scores = recipe.expected.map(({ split, score }) => ` Expected on ${split} (${score.items} items): ${formatInterval(score)}.`);
  return [
    ` Recipe of ${model}, ${where} of run ${run}. Replay: temper replay THIS-FILE`,
    ...scores,
    " Keys are content hashes: a replay says so when a model, dataset or task is not what it was.",
  ].join("\n");
}

function commentOn(parent: unknown, key: string, comment: string): void {
  if (!isMap(parent)) return;
  const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key);
  if (pair !== undefined && isScalar(pair.key)) pair.key.commentBefore = comment;
}

function describeSteps(recipe: Recipe, root: YAMLMap): void {
  const steps = root.get("steps", true);
  if (!isSeq(steps)) return;
  for (const [index, item] of steps.items.entries()) {
    const step = recipe.steps[index];
    if (isMap(item) && step !== undefined)
      item.commentBefore = ` ${step.name}: ${describeMethod(stepAction(step))} from ${step.models.join(", ")}`;
  }
}

/** A recipe as YAML that people can read: what each step does stands above it. */
export function formatRecipe(recipe: Recipe): string {
  const document = new Document(recipe);
  document.commentBefore = header(recipe);
  const root = document.contents;
  if (isMap(root)) {
    commentOn(root, "models", " Base models.");
    commentOn(root, "expected", " 95 % intervals over items; elsewhere than on this machine compare within the noise.");
    describeSteps(recipe, root);
  }
  return document.toString({ lineWidth: 140, flowCollectionPadding: true });
}
