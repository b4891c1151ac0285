import { actionTypes } from "../action/action-types.ts";
import type { ActionTypeName, SettingValue } from "../action/action.ts";
import { canonicalJson } from "../action/canonical-json.ts";
import { describeValue } from "./describe-issue.ts";
import { didYouMean } from "./did-you-mean.ts";
import { settingProperties } from "./json-schema.ts";
import type { ConfigProblem } from "./check-config.ts";
import type { Range, RunConfig, SearchValue } from "./run-config.ts";

/** More choices than this belong in a range: they are held in memory, and no run tries so many. */
const mostChoices = 10_000;

type Place = { name: string; path: string[]; value: SearchValue };

const isRange = (value: unknown): value is Range =>
  typeof value === "object" && value !== null && !Array.isArray(value) && "scale" in value;

/** Settings with the place where they are written: `peft: { r: … }` is `peft_r` at `peft.r`. */
function places(search: NonNullable<RunConfig["actions"]["sft"]>): Place[] {
  return Object.entries(search).flatMap(([name, value]) => {
    if (typeof value !== "object" || value === null || Array.isArray(value) || isRange(value)) return [{ name, path: [name], value }];
    return Object.entries(value).map(([inner, entry]) => ({ name: `${name}_${inner}`, path: [name, inner], value: entry }));
  });
}

/** Why a value cannot be this setting's, or null. */
function objection(type: ActionTypeName, name: string, value: SettingValue): string | null {
  const parsed = actionTypes[type].settingSchema.safeParse({ [name]: value });
  const issue = parsed.error?.issues.find((candidate) => candidate.path[0] === name);
  if (issue === undefined) return null;
  if (name === "weights")
    return `${canonicalJson(value)}: choices of weights are "equal" or lists with a number for each parent, as in [equal, [0.7, 0.3]]`;
  return describeValue(issue, value);
}

function checkRange(type: ActionTypeName, name: string, range: Range): string | null {
  if (range.min >= range.max) return `min ${range.min} must be less than max ${range.max}`;
  if (range.scale === "log" && range.min <= 0) return `a log scale needs a min over 0, not ${range.min}`;
  return objection(type, name, range.min) ?? objection(type, name, range.max);
}

function checkValues(type: ActionTypeName, { name, value }: Place, mergeParents: number): string | null {
  if (isRange(value)) return checkRange(type, name, value);
  const choices: SettingValue[] = Array.isArray(value) ? value : [value];
  if (choices.length === 0) return "an empty list leaves no choice: give at least one value, or leave the setting out";
  for (const choice of choices) {
    const reason = objection(type, name, choice);
    if (reason !== null) return reason;
    if (Array.isArray(choice) && choice.length > mergeParents) {
      return `${canonicalJson(choice)} has ${choice.length} weights, but merges take at most ${mergeParents} models (merge_parents)`;
    }
  }
  return null;
}

function checkType(type: ActionTypeName, search: NonNullable<RunConfig["actions"]["sft"]>, mergeParents: number): ConfigProblem[] {
  const known = Object.keys(settingProperties(type));
  const problems: ConfigProblem[] = [];
  let choices = 1;
  for (const place of places(search)) {
    const path = ["actions", type, ...place.path];
    if (!known.includes(place.name))
      problems.push({ path, message: `${type} has no setting "${place.name}".${didYouMean(place.name, known)}` });
    else {
      const reason = checkValues(type, place, mergeParents);
      if (reason !== null) problems.push({ path, message: reason });
    }
    if (Array.isArray(place.value)) choices *= place.value.length;
  }
  if (choices > mostChoices) {
    problems.push({
      path: ["actions", type],
      message: `${choices} combinations of settings: more than ${mostChoices}. Write ranges ({ min, max, scale: log }) in place of long lists`,
    });
  }
  return problems;
}

/** Names and values of every action type's settings. */
export function checkActions(config: RunConfig): ConfigProblem[] {
  return Object.keys(actionTypes).flatMap((name) => {
    const type = Object.values(actionTypes).find((candidate) => candidate.name === name)?.name;
    const search = type === undefined ? undefined : config.actions[type];
    return type === undefined || search === undefined ? [] : checkType(type, search, config.merge_parents);
  });
}
