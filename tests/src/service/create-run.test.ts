import { describe, expect, it } from "vitest";
import { ConfigError } from "#src/errors.ts";
import type { Overlap } from "#src/pool/overlap.ts";
import type { PreparedObjects } from "#src/pool/prepared-objects.ts";
import { createRun } from "#src/service/create-run.ts";
import { sampleConfig } from "#tests/conformance/store/samples.ts";
import { useSqliteStore } from "../store/use-sqlite-store.ts";

const config = sampleConfig({
  name: "demo",
  seed: 3,
  tasks: {
    math: { kind: "generate", path: "math.jsonl", verifier: { kind: "exact" } },
    csqa: { kind: "lm_eval", task: "commonsense_qa", maximum: 100 },
  },
  llm: { default: { model: "gpt", api_key_env: "TEMPER_TEST_KEY" } },
});

const splits = { search: 10, confirm: 11, final: 12 };
const prepared: PreparedObjects = {
  models: [
    { id: "tiny", key: "hash-tiny", path: "/m", architecture: "Llama", compatibility: "c", parameters: 9, form: "full", revision: "abc" },
  ],
  datasets: ["prefs", "gsm8k"].map((id) => ({
    id,
    key: `hash-${id}`,
    path: `/${id}`,
    format: id === "prefs" ? "preference" : "prompt_completion",
    rows: 5,
    skipped_rows: 0,
    mean_tokens: 7.5,
    revision: null,
  })),
  tasks: ["csqa", "math"].map((id) => ({
    id,
    key: `hash-${id}`,
    path: `/${id}`,
    items: splits,
    majority: splits,
    longest_answer_tokens: 4,
  })),
  problems: [],
};

const overlap: Overlap = {
  rows: { search: 0, confirm: 0, final: 2, any: 2 },
  found: [
    {
      task: "math",
      split: "final",
      rows: 2,
      exact_rows: 2,
      items: 2,
      examples: [{ row: 4, item: "i1", similarity: 1, exact: true, row_text: "r", item_text: "r" }],
    },
  ],
  list: "/overlaps/gsm8k.jsonl",
};

describe("createRun", () => {
  const state = useSqliteStore();
  const create = (changes: Partial<PreparedObjects> = {}) =>
    createRun(state.store, { config, prepared: { ...prepared, ...changes }, now: state.clock.now, author: "ana" });

  it("registers the run and its objects in the order of the config, and writes it down", async () => {
    const run = await create();
    expect(run).toMatchObject({ id: "demo.1", name: "demo", state: "running", seed: 3, createdAt: "2026-01-02T03:04:05.000Z" });
    expect(await state.store.runs.find("demo")).toEqual(run);
    expect(await state.store.objects.models(run.id)).toMatchObject([
      { id: "m0", name: "tiny", key: "hash-tiny", parents: [], trial: null, base: "m0", depth: 0, parameters: 9 },
    ]);
    expect(await state.store.objects.datasets(run.id)).toMatchObject([
      { id: "gsm8k", key: "hash-gsm8k", meanTokens: 7.5 },
      { id: "prefs", format: "preference" },
    ]);
    expect(run.tasks).toMatchObject([
      { id: "math", kind: "generate", maximum: 1, items: splits },
      { id: "csqa", kind: "lm_eval", maximum: 100 },
    ]);
    expect(await state.store.events.list(run.id)).toMatchObject([
      { kind: "run-create", actor: "ana", fields: { revisions: { tiny: "abc" } } },
    ]);
  });

  it("numbers runs of one name", async () => {
    expect([(await create()).id, (await create()).id]).toEqual(["demo.1", "demo.2"]);
  });

  it("stores the name of a key's variable and never its value", async () => {
    process.env["TEMPER_TEST_KEY"] = "sk-very-secret";
    const run = await create();
    delete process.env["TEMPER_TEST_KEY"];
    const stored = JSON.stringify([await state.store.runs.find(run.id), await state.store.events.list(run.id)]);
    expect(stored).toContain("TEMPER_TEST_KEY");
    expect(stored).not.toContain("sk-very-secret");
  });

  it("refuses what prepare found unusable, with every problem, and stores nothing", async () => {
    const problems = [
      { object: "datasets.gsm8k", row: 212, message: 'row 212 has no "answer"' },
      { object: "models.tiny", row: null, message: "holds no safetensors" },
    ];
    const creating = create({ problems });
    await expect(creating).rejects.toBeInstanceOf(ConfigError);
    await expect(creating).rejects.toThrow('datasets.gsm8k  row 212 has no "answer"\nmodels.tiny  holds no safetensors');
    expect(await state.store.runs.find("demo")).toBeNull();
  });

  it("keeps what of a dataset stands in a split, and writes down that the config allows it", async () => {
    const datasets = prepared.datasets.map((dataset) => (dataset.id === "gsm8k" ? { ...dataset, overlap } : dataset));
    const allowing = sampleConfig({
      ...config,
      datasets: { gsm8k: { path: "gsm8k.jsonl", on_overlap: "warn" }, prefs: { path: "prefs.jsonl" } },
    });
    const run = await createRun(state.store, {
      config: allowing,
      prepared: { ...prepared, datasets },
      now: state.clock.now,
      author: "ana",
    });
    expect((await state.store.objects.datasets(run.id)).map((dataset) => dataset.overlap)).toEqual([overlap, undefined]);
    expect(await state.store.events.list(run.id)).toMatchObject([
      { kind: "run-create" },
      {
        kind: "overlap-allow",
        actor: "ana",
        text: expect.stringContaining("2 of its 5 rows stand in math's final split"),
        fields: { dataset: "gsm8k" },
      },
    ]);
  });

  it("refuses a reply that leaves out what the config names", async () => {
    await expect(create({ tasks: prepared.tasks.slice(0, 1) })).rejects.toThrow("prepare said nothing of task math");
    expect(await state.store.runs.find("demo")).toBeNull();
  });
});
