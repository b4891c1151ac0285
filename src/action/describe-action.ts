import type { Action, ActionTypeName, SettingValue } from "./action.ts";

const verbs: Readonly<Record<ActionTypeName, string>> = {
  sft: "SFT",
  dpo: "DPO",
  kto: "KTO",
  orpo: "ORPO",
  merge_linear: "linear merge",
  merge_task_arithmetic: "task-arithmetic merge",
  merge_ties: "TIES merge",
  merge_dare_ties: "DARE-TIES merge",
  merge_slerp: "SLERP merge",
};

/** How hyper-parameters are called in sentences, where their own name is not plain enough. */
const settingWords: Readonly<Record<string, string>> = {
  learning_rate: "lr",
  beta: "β",
  lambda: "λ",
  peft_r: "LoRA r",
  mixture_temperature: "mixture temperature",
};

/** `5e-6`, `0.001`, `80`: short, and the same number when read back. */
function formatNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential().replace("e+", "e") : String(value);
}

function formatValue(value: SettingValue): string {
  if (typeof value === "number") return formatNumber(value);
  return Array.isArray(value) ? joinNames(value.map(formatNumber)) : String(value);
}

/** `a`, `a and b`, `a, b and c`. */
function joinNames(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

const count = (amount: number, unit: string) => `${formatNumber(amount)} ${unit}${amount === 1 ? "" : "s"}`;

/** What tells apart two actions on the same objects, by default: length of a training, LoRA, a merge's parameters. */
function settingParts(action: Action, varied: readonly string[]): string[] {
  const { setting } = action;
  const parts: string[] = [];
  const told = new Set(["max_steps", "num_train_epochs"]);
  const tell = (name: string) => {
    const value = setting[name];
    if (value === undefined || told.has(name)) return;
    told.add(name);
    parts.push(`${settingWords[name] ?? name} ${formatValue(value)}`);
  };
  if (typeof setting["max_steps"] === "number" && setting["max_steps"] > 0) parts.push(count(setting["max_steps"], "step"));
  else if (typeof setting["num_train_epochs"] === "number") parts.push(count(setting["num_train_epochs"], "epoch"));
  if (typeof setting["peft_r"] === "number") tell("peft_r");
  if (Array.isArray(setting["weights"])) tell("weights");
  for (const name of ["density", "t", "mixture_temperature"]) tell(name);
  if (setting["lambda"] !== 1) tell("lambda");
  for (const name of varied) tell(name);
  return parts;
}

function detailsOf(action: Action, varied: readonly string[]): string[] {
  const parts = settingParts(action, varied);
  if (action.fidelity.data < 1) parts.push(`${Math.round(action.fidelity.data * 100)} % of the data`);
  if (action.fidelity.steps < 1) parts.push(`${Math.round(action.fidelity.steps * 100)} % of the steps`);
  if (action.seed !== 0) parts.push(`seed ${action.seed}`);
  return parts;
}

const dataOf = (action: Action) => (action.datasets.length === 0 ? "" : ` on ${joinNames(action.datasets)}`);

/**
 * One plain phrase for an action: `SFT of m9 on common, 80 steps`, `TIES merge of m9 and m4, density 0.8`.
 * @param varied hyper-parameters that the run varies: they are told too.
 */
export function describeAction(action: Action, varied: readonly string[] = []): string {
  return [`${verbs[action.type]} of ${joinNames(action.models)}${dataOf(action)}`, ...detailsOf(action, varied)].join(", ");
}

/** The same without the models: `SFT on common, 80 steps`, `TIES merge, density 0.8`. */
export function describeMethod(action: Action, varied: readonly string[] = []): string {
  return [`${verbs[action.type]}${dataOf(action)}`, ...detailsOf(action, varied)].join(", ");
}
