import { stringify } from "yaml";
import type { InitAnswers } from "./init-answers.ts";

const flow = (value: unknown): string => stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();

function section(title: string, comment: string, entries: readonly [string, unknown][]): string {
  return `${title}: ${comment}\n${entries.map(([name, value]) => `  ${flow(name)}: ${flow(value)}\n`).join("")}`;
}

function taskEntry({ path, verifier }: InitAnswers["tasks"][number]): Record<string, unknown> {
  const items = { search: 200, confirm: 200, final: 200 };
  if (path.startsWith("lm_eval:")) return { kind: "lm_eval", task: path.slice("lm_eval:".length), metric: "acc", items };
  return { kind: "generate", path, verifier: { kind: verifier }, max_new_tokens: 256, items };
}

/** A temper.yaml of these answers, with comments that say what may be changed. It passes `temper check --quick`. */
export function renderConfig(answers: InitAnswers): string {
  const hasPairs = answers.datasets.some(({ format }) => format === "preference");
  const actions: [string, unknown][] = [
    ["sft", { peft: { r: [16, 64] }, learning_rate: { min: 1e-5, max: 2e-4, scale: "log" }, num_train_epochs: [1, 2] }],
    ...(hasPairs ? [["dpo", { beta: [0.1], learning_rate: [5e-6], peft: { r: [16] } }] satisfies [string, unknown]] : []),
    ["merge_linear", { weights: ["equal"] }],
    ["merge_ties", { density: [0.3, 0.5, 0.8] }],
  ];
  return [
    `name: ${flow(answers.name)}\n`,
    `goal: ${flow(answers.goal)}   # agents and people read this\n\n`,
    section(
      "models",
      "# hub ids or folders",
      answers.models.map(({ name, path }) => [name, { path }]),
    ),
    "\n",
    section(
      "datasets",
      "# files, folders or hub ids; `columns` maps your names to prompt, completion, chosen, rejected",
      answers.datasets.map(({ name, path, format }) => [name, format === null ? { path } : { path, format }]),
    ),
    "\n",
    section(
      "tasks",
      "# what models are scored on; add `floor: base` to what may not get worse",
      answers.tasks.map((task) => [task.name, taskEntry(task)]),
    ),
    "\n",
    section("actions", "# a list is a set of choices, { min, max, scale } a range, anything else is fixed", actions),
    "\n# lookahead needs no API key; `hybrid` lets an LLM pick from its short list (add `llm:` then).\n",
    "policy: lookahead\n",
    `budget: ${flow({ trials: answers.trials })}   # also: device_hours, usd, disk_gb\n`,
    `approval: ${flow({ over: { device_hours: 1 } })}   # ask before anything larger than this\n`,
    `executor: ${flow({ kind: "local", lanes: 1 })}\n`,
    "seed: 0\n",
  ].join("");
}
