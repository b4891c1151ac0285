import { type Kysely, sql } from "kysely";

const time = "2026-01-01T12:00:00.000Z";
const run = "skills.1";
const items = 4;

/** As `JSON.stringify` of the first version wrote them, every default of then filled in and nothing that came later. */
const config = {
  name: "skills",
  goal: "",
  models: { tiny: { path: "tiny-world:S/base" } },
  datasets: { math: { path: "tiny-world:math", format: "auto", columns: {}, on_bad_rows: "fail" } },
  tasks: {
    math: {
      kind: "generate",
      path: "tiny-world:math",
      columns: {},
      verifier: { kind: "number" },
      max_new_tokens: 256,
      few_shot: 0,
      chat_template: null,
      batch_size: 32,
      weight: 1,
      items: { search: items, confirm: items, final: items },
    },
  },
  actions: { sft: { max_steps: [80, 20] } },
  merge_parents: 3,
  max_depth: 10,
  policy: "lookahead",
  baselines: { singles: true, sft_all: true, sft_all_compute: 4, ties_grid: true, noise_repeats: 3 },
  budget: { trials: 40, usd_per_device_hour: 0 },
  approval: { over: {}, expires_hours: 12, on_expiry: "skip", max_pending: 4 },
  executor: { kind: "local", lanes: 1, device: "auto", gpus_per_job: 1, warm_worker: true },
  seed: 0,
};
const counts = { search: items, confirm: items, final: items };
const task = {
  id: "math",
  key: "task-key",
  kind: "generate",
  items: counts,
  path: "/tasks/math",
  maximum: 1,
  majority: { search: 0.1, confirm: 0.1, final: 0.1 },
};
const action = {
  type: "sft",
  models: ["m0"],
  datasets: ["math"],
  setting: { learning_rate: 2e-5, max_steps: 80, per_device_train_batch_size: 8 },
  seed: 0,
  fidelity: { data: 1, steps: 1 },
};
const base = {
  kind: "model",
  id: "m0",
  name: "tiny",
  key: "base-key",
  parents: [],
  trial: null,
  base: "m0",
  depth: 0,
  compatibility: "same",
  parameters: 1000,
  path: "/models/tiny",
  form: "full",
};
const trained = { ...base, id: "m1", name: null, key: "trained-key", parents: ["m0"], trial: 1, depth: 1, path: "/models/trained-key" };
const dataset = {
  kind: "dataset",
  id: "math",
  key: "data-key",
  format: "prompt_completion",
  rows: 500,
  meanTokens: 20,
  path: "/math.jsonl",
};
const proposal = {
  action,
  candidates: [{ action, value: null, prediction: null }],
  candidatesConsidered: 1,
  shownOrder: null,
  mode: "cold-start",
  reason: "Nothing was tried on math yet.",
  evidence: [],
  effects: [],
  next: [],
  chosenBy: "lookahead",
  notes: [],
};
const plan = {
  version: 1,
  phase: "explore",
  focus: "Explore: only 1 trial speaks so far.",
  tasks: [],
  fidelity: { data: 1, steps: 1 },
  until: 5,
  by: "rules",
};
const effect = { name: "sft on math", count: 1, mean: 0.5, low: 0.5, high: 0.5, trials: [1], tasks: { math: 0.5 } };
const memory = {
  version: 1,
  trial: 1,
  experience: "SFT on math helps.",
  directions: "More of it.",
  lesson: "Trial 1 made m1.",
  effects: [effect],
  failures: [],
  by: "rules",
};

type Row = Readonly<Record<string, string | number | Buffer | null>>;

/** Evaluation of a model that answers the first `right` items right, with its outcomes. */
function evaluation(key: string, modelKey: string, right: number): [table: string, row: Row][] {
  const outcomes = Buffer.alloc(items * 4);
  for (let item = 0; item < right; item++) outcomes.writeFloatLE(1, item * 4);
  const score = right / items;
  const names = { key, model_key: modelKey, task: "math", task_key: "task-key", split: "search", items, score, lenient: score };
  const gates = { majority: 0.1, hit_token_limit: 0, empty: 0, most_common_output: 0.5, created_at: time };
  return [
    ["evaluations", { ...names, ...gates }],
    ["items", { evaluation_key: key, strict: outcomes, lenient: outcomes }],
  ];
}

const object = (value: { id: string; kind: string; key: string }): [string, Row] => [
  "objects",
  { run_id: run, id: value.id, kind: value.kind, key: value.key, object_json: JSON.stringify(value) },
];

/** A run of one trial with all that is kept of it. */
const rows: readonly [table: string, row: Row][] = [
  [
    "runs",
    {
      id: run,
      name: "skills",
      state: "running",
      state_reason: "started",
      config_json: JSON.stringify(config),
      tasks_json: JSON.stringify([task]),
      seed: 0,
      created_at: time,
      last_trial: 1,
      decision_count: 1,
      chosen_count: 1,
    },
  ],
  object(dataset),
  object(base),
  object(trained),
  [
    "trials",
    {
      run_id: run,
      number: 1,
      kind: "chosen",
      state: "done",
      action_json: JSON.stringify(action),
      key: "trained-key",
      lane: 1,
      model: "m1",
      learnt: 1,
      steps: 80,
      device_seconds: 12,
      created_at: time,
      started_at: time,
      ended_at: time,
      has_job: 1,
      is_live: 0,
    },
  ],
  [
    "decisions",
    {
      run_id: run,
      number: 1,
      trial: 1,
      policy: "lookahead",
      proposal_json: JSON.stringify(proposal),
      plan_version: 1,
      memory_version: null,
      space_total: 2,
      created_at: time,
    },
  ],
  ["plans", { run_id: run, version: 1, plan_json: JSON.stringify(plan) }],
  ["memories", { run_id: run, version: 1, trial: 1, memory_json: JSON.stringify(memory) }],
  ...evaluation("65a304db26147304c36b211c9853f38080c308f0", "base-key", 1),
  ...evaluation("0cbd05823fa5e8768b8de523df45acdfbc9a41b0", "trained-key", 3),
  [
    "events",
    {
      run_id: run,
      time,
      kind: "trial-result",
      actor: "conductor",
      trial: 1,
      text: "Trial 1 (SFT of m0 on math, 80 steps) made m1.",
      fields_json: JSON.stringify({ result: "made", model: "m1", warnings: [] }),
    },
  ],
];

/** Writes a run into tables of the first version, as that version did. */
export async function writeFirstVersionRun(db: Kysely<unknown>): Promise<void> {
  for (const [table, row] of rows) {
    const columns = Object.keys(row).map((column) => sql.ref(column));
    const values = Object.values(row).map((value) => sql`${value}`);
    await sql`insert into ${sql.table(table)} (${sql.join(columns)}) values (${sql.join(values)})`.execute(db);
  }
}

/** What it wrote, as it is to be read back. */
export const firstVersionRun = { id: run, action, proposal, plan, memory };
