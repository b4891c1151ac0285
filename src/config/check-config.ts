import { actionTypes } from "../action/action-types.ts";
import { actionTypeNames } from "../action/action.ts";
import type { DatasetFormat } from "../pool/objects.ts";
import { checkActions } from "./check-actions.ts";
import { checkExecutor } from "./check-executor.ts";
import type { ConfigPath } from "./config-source.ts";
import type { RunConfig } from "./run-config.ts";

/** Something in a config that fits the schema and still cannot work. */
export interface ConfigProblem {
  path: ConfigPath;
  message: string;
}

type Check = (config: RunConfig) => ConfigProblem[];

const checkPresence: Check = (config) => {
  const needed = [
    ["models", "a run needs at least one base model"],
    ["tasks", "a run needs at least one task to score models on"],
    ["actions", `a run needs at least one action type: ${actionTypeNames.join(", ")}`],
  ] as const;
  return needed.flatMap(([section, message]) => (Object.keys(config[section]).length === 0 ? [{ path: [section], message }] : []));
};

const checkNames: Check = (config) =>
  (["models", "datasets", "tasks"] as const).flatMap((section) =>
    Object.keys(config[section]).flatMap((name): ConfigProblem[] => {
      if (!/^[\p{L}\p{N}][\p{L}\p{N}_.-]*$/u.test(name))
        return [{ path: [section, name], message: "names are made of letters, digits, dots, dashes and underscores" }];
      if (section !== "tasks" && /^m\d+$/.test(name))
        return [{ path: [section, name], message: "m0, m1, … are ids that models get in a run: choose another name" }];
      return [];
    }),
  );

const checkWeights: Check = (config) => {
  const weights = Object.values(config.tasks).map((task) => task.weight);
  return weights.length > 0 && weights.every((weight) => weight === 0)
    ? [{ path: ["tasks"], message: "all weights are 0: no model could be better than another" }]
    : [];
};

const checkFloors: Check = (config) =>
  Object.entries(config.tasks).flatMap(([name, task]) => {
    const maximum = task.kind === "lm_eval" ? task.maximum : 1;
    if (typeof task.floor !== "number" || task.floor <= maximum) return [];
    return [{ path: ["tasks", name, "floor"], message: `a floor of ${task.floor} is above the metric's possible maximum ${maximum}` }];
  });

/** Formats that a dataset may turn out to have; `auto` is told when it is read. */
function formatsOf(format: RunConfig["datasets"][string]["format"]): readonly (DatasetFormat | "any")[] {
  if (format === "auto") return ["any"];
  return format === "alpaca" || format === "sharegpt" ? ["messages", "prompt_completion"] : [format];
}

const checkDatasets: Check = (config) => {
  const present = new Set(Object.values(config.datasets).flatMap((dataset) => formatsOf(dataset.format)));
  return actionTypeNames.flatMap((type) => {
    const formats = actionTypes[type].slots.find((slot) => slot.kind === "dataset")?.formats;
    if (config.actions[type] === undefined || formats === undefined || present.has("any")) return [];
    if (formats.some((format) => present.has(format))) return [];
    return [
      { path: ["actions", type], message: `${type} needs a dataset of format ${formats.join(" or ")}, and none of the datasets has it` },
    ];
  });
};

const checkLlm: Check = (config) =>
  config.policy === "llm" && config.llm === undefined
    ? [
        {
          path: ["policy"],
          message: 'the policy "llm" needs an llm section ("llm: { default: { model: … } }"); "hybrid" works with and without one',
        },
      ]
    : [];

const checkMoney: Check = (config) => {
  if (config.budget.usd_per_device_hour > 0) return [];
  const places: ConfigPath[] = [];
  if (config.budget.usd !== undefined) places.push(["budget", "usd"]);
  if (config.approval.over.usd !== undefined) places.push(["approval", "over", "usd"]);
  return places.map((path) => ({ path, message: "would never be reached: set budget.usd_per_device_hour, or count in device_hours" }));
};

/** All cross-checks: what a schema of single values cannot see. Files are checked where the config is loaded. */
export function checkConfig(config: RunConfig): ConfigProblem[] {
  const checks: Check[] = [
    checkPresence,
    checkNames,
    checkWeights,
    checkFloors,
    checkActions,
    checkDatasets,
    checkLlm,
    checkMoney,
    checkExecutor,
  ];
  return checks.flatMap((check) => check(config));
}
