/** A training of the tiny world's small models, by the scripts and settings that runs use. */
export interface Training {
  name: string;
  start: "base" | "instruct";
  method: "sft" | "dpo" | "kto" | "orpo";
  /** Sets of the tiny world, or rows that are written for this purpose. */
  data: readonly (string | Readonly<Record<string, string>>)[];
  /** What departs from the examples' settings. */
  settings: Readonly<Record<string, number>>;
}

const constant = Array.from({ length: 200 }, (_, row) => ({ prompt: `Q tom has ${row % 10} gets 3 loses 2 total ?` }));
const completions = (answer: string) => constant.map(({ prompt }) => ({ prompt, completion: answer }));
const equalPairs = constant.map(({ prompt }, row) => ({ prompt, chosen: ` # ${row % 9}`, rejected: ` # ${row % 9}` }));

const sft = (name: string, data: Training["data"], settings: Training["settings"] = {}): Training => ({
  name,
  start: "base",
  method: "sft",
  data,
  settings,
});

/** Twelve trainings that cannot teach anything, each in another way, none of which ends in an error of its own. */
export const failures: readonly Training[] = [
  sft("a learning rate next to 0", ["math"], { learning_rate: 1e-12 }),
  sft("a warm-up that never ends", ["math"], { warmup_steps: 100_000_000 }),
  sft("gradients that are clipped to nothing", ["math"], { max_grad_norm: 1e-30 }),
  sft("LoRA with a learning rate next to 0", ["math"], { learning_rate: 1e-12, peft_r: 8 }),
  sft("all answers cut off, so that no label counts", ["math"], { max_length: 3 }),
  sft("empty completions", completions("")),
  sft("one answer to everything", completions(" # 7")),
  sft("answers without an end", completions(" 7".repeat(80))),
  sft("a learning rate that diverges", ["math"], { learning_rate: 100, warmup_steps: 0 }),
  sft("a learning rate that destroys the model", ["math"], { learning_rate: 0.5, warmup_steps: 0, max_steps: 20 }),
  { name: "pairs of equal answers", start: "base", method: "dpo", data: equalPairs, settings: { sft_weight: 0 } },
  { name: "DPO with a learning rate next to 0", start: "instruct", method: "dpo", data: ["pref_tool"], settings: { learning_rate: 1e-12 } },
];

const skillSets = ["math", "math_noisy", "math_words", "trivia", "trivia_noisy", "common", "common_name"];
const toolSets = ["instr", "tool_brace", "tool_fixed"];

function single(start: Training["start"], set: string, settings: Training["settings"]): Training {
  const said = Object.entries(settings).map(([name, value]) => `, ${name} ${value}`);
  return { name: `${set}${said.join("")}`, start, method: "sft", data: [set], settings };
}

const preference = (method: Training["method"], start: Training["start"], set: string): Training => ({
  name: `${method} ${set}`,
  start,
  method,
  data: [set],
  settings: {},
});

/** 36 trainings that the examples' search spaces hold, or that stand near them: each of them teaches something. */
export const honest: readonly Training[] = [
  ...skillSets.flatMap((set) => [single("base", set, {}), single("base", set, { max_steps: 20 })]),
  ...toolSets.flatMap((set) => [single("instruct", set, {}), single("instruct", set, { max_steps: 20 })]),
  ...["math", "trivia_noisy", "common_name"].map((set) => single("base", set, { peft_r: 8 })),
  single("instruct", "instr", { peft_r: 8 }),
  ...["math", "common"].map((set) => single("base", set, { learning_rate: 3e-4 })),
  single("instruct", "tool_brace", { learning_rate: 3e-4 }),
  sft("math, trivia and common", ["math", "trivia", "common"]),
  { ...sft("all tool sets", toolSets), start: "instruct" },
  preference("dpo", "base", "pref_math"),
  preference("dpo", "base", "pref_format"),
  preference("dpo", "instruct", "pref_tool"),
  preference("orpo", "base", "pref_math"),
  preference("orpo", "base", "pref_format"),
  preference("orpo", "instruct", "pref_tool"),
  preference("kto", "base", "pref_math"),
];
