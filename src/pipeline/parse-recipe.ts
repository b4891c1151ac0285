import { z } from "zod";
import { actionTypes } from "../action/action-types.ts";
import type { ConfigPath } from "../config/config-source.ts";
import { didYouMean } from "../config/did-you-mean.ts";
import { parseYaml, refuseIfAny } from "../config/parse-yaml.ts";
import { type Recipe, recipeSchema, type RecipeStep } from "./recipe-schema.ts";

interface Problem {
  path: ConfigPath;
  message: string;
}

function checkStep(recipe: Recipe, step: RecipeStep, index: number): Problem[] {
  const problems: Problem[] = [];
  const say = (key: string, message: string) => problems.push({ path: ["steps", index, key], message });
  const names = [...Object.keys(recipe.models), ...recipe.steps.map((other) => other.name)];
  if (names.filter((name) => name === step.name).length > 1)
    say("name", `"${step.name}" is there twice: every base and step needs a name of its own`);
  for (const model of step.models)
    if (!names.includes(model)) say("models", `there is no base or step "${model}".${didYouMean(model, names)}`);
  const datasets = Object.keys(recipe.datasets);
  for (const dataset of step.datasets)
    if (!datasets.includes(dataset)) say("datasets", `there is no dataset "${dataset}".${didYouMean(dataset, datasets)}`);
  const type = actionTypes[step.action];
  const models = type.slots.find((slot) => slot.kind === "model");
  if (models !== undefined && (step.models.length < models.min || step.models.length > models.max)) {
    say(
      "models",
      `${step.action} takes ${models.min === models.max ? models.min : `${models.min} to ${models.max}`} models, not ${step.models.length}`,
    );
  }
  const needsData = type.slots.some((slot) => slot.kind === "dataset");
  if (needsData !== step.datasets.length > 0)
    say("datasets", needsData ? `${step.action} needs a dataset` : `${step.action} takes no dataset`);
  const setting = type.settingSchema.safeParse(step.setting);
  for (const issue of setting.error?.issues ?? []) say("setting", `${issue.path.join(".")} ${issue.message}`.trim());
  return problems;
}

/** Steps that can never start because they wait for each other. */
function checkOrder(recipe: Recipe): Problem[] {
  const made = new Set(Object.keys(recipe.models));
  let waiting = recipe.steps.map((step, index) => ({ step, index }));
  for (let before = Infinity; waiting.length < before;) {
    before = waiting.length;
    waiting = waiting.filter(({ step }) => {
      if (!step.models.every((model) => made.has(model))) return true;
      made.add(step.name);
      return false;
    });
  }
  return waiting.map(({ step, index }) => ({
    path: ["steps", index],
    message: `"${step.name}" can never start: its parents are made from it, or from nothing`,
  }));
}

const jsonSchema = () => ({ ...z.toJSONSchema(recipeSchema, { io: "input" }) });

/**
 * Reads a recipe.
 * @throws ConfigError with every problem, its line and what would be right.
 */
export function parseRecipe(text: string, file: string): Recipe {
  const { value: recipe, source } = parseYaml({ text, file, what: "a recipe", schema: recipeSchema, jsonSchema });
  const problems = recipe.steps.flatMap((step, index) => checkStep(recipe, step, index));
  if (problems.length === 0) problems.push(...checkOrder(recipe));
  const results = [...Object.keys(recipe.models), ...recipe.steps.map((step) => step.name)];
  if (!results.includes(recipe.result))
    problems.push({ path: ["result"], message: `there is no base or step "${recipe.result}".${didYouMean(recipe.result, results)}` });
  refuseIfAny(problems.map(({ path, message }) => source.issue(path, message)));
  return recipe;
}
