import { describe, expect, it } from "vitest";
import { z } from "zod";
import { actionTypes } from "#src/action/action-types.ts";
import { type Action, type ActionTypeName, actionTypeNames, fullFidelity } from "#src/action/action.ts";
import type { PoolDataset, PoolModel } from "#src/pool/objects.ts";
import { buildEvaluateJob } from "#tools/build-evaluate-job.ts";
import { buildTrainJob } from "#tools/build-train-job.ts";
import { contractSchemas } from "#tools/contract/schemas.ts";
import { jobSpecSchema } from "#tools/job-spec.ts";
import { writeAttempt } from "#tools/jobs/write-attempt.ts";
import { openTestHome, testKey, testRun } from "./test-home.ts";

function model(id: string, parts: Partial<PoolModel> = {}): PoolModel {
  return {
    kind: "model",
    id,
    name: null,
    key: testKey(id),
    parents: [],
    trial: null,
    base: null,
    depth: 0,
    compatibility: "same",
    parameters: 1000,
    path: `/models/${id}`,
    form: "full",
    ...parts,
  };
}

const models = [
  model("m0"),
  model("m1", { parents: ["m0"], base: "m0", form: "adapter" }),
  model("m2", { parents: ["m1"], base: "m0", form: "adapter" }),
  model("m3", { parents: ["m0"], base: "m0" }),
];
const datasets: PoolDataset[] = (["prompt_completion", "preference", "unpaired_preference"] as const).map((format) => ({
  kind: "dataset",
  id: format,
  key: testKey(format),
  format,
  rows: 100,
  meanTokens: 10,
  path: `/data/${format}.jsonl`,
}));
const run = testRun("r1", {
  tasks: {
    math: {
      kind: "generate",
      path: "/math",
      columns: {},
      verifier: { kind: "exact" },
      max_new_tokens: 8,
      few_shot: 2,
      chat_template: null,
      batch_size: 4,
      weight: 1,
      items: { search: 10, confirm: 20, final: 30 },
    },
    csqa: {
      kind: "lm_eval",
      task: "commonsense_qa",
      metric: "acc",
      maximum: 1,
      batch_size: 8,
      weight: 1,
      items: { search: 5, confirm: 5, final: 5 },
    },
  },
});
run.tasks.push(
  ...(["math", "csqa"] as const).map((id) => ({
    id,
    key: testKey(id),
    kind: id === "math" ? ("generate" as const) : ("lm_eval" as const),
    items: { search: 10, confirm: 20, final: 30 },
    path: `/tasks/${id}`,
    maximum: 1,
    majority: { search: 0, confirm: 0, final: 0 },
  })),
);
const view = {
  run,
  modelsById: new Map(models.map((entry) => [entry.id, entry])),
  datasetsById: new Map(datasets.map((entry) => [entry.id, entry])),
};

function action(type: ActionTypeName, parts: Partial<Action> = {}): Action {
  const format = type === "dpo" || type === "orpo" ? "preference" : type === "kto" ? "unpaired_preference" : "prompt_completion";
  const isMerge = type.startsWith("merge_");
  return {
    type,
    models: isMerge ? ["m2", "m3"] : ["m0"],
    datasets: isMerge ? [] : [format],
    setting: actionTypes[type].settingSchema.parse({}),
    seed: 0,
    fidelity: fullFidelity,
    ...parts,
  };
}

const key = testKey("child");

describe("buildTrainJob", () => {
  it.each(actionTypeNames)("makes requests of %s that fit the contract", async (type) => {
    const place = await openTestHome();
    try {
      const spec = buildTrainJob(view, { number: 3, action: action(type), key });
      expect(jobSpecSchema.parse(spec)).toEqual(spec);
      const { request } = await writeAttempt({
        home: place.home,
        job: { attempt: "a-1", key, directory: `${place.home}/jobs/a-1` },
        steps: spec.steps,
        device: { kind: "cpu", perJob: 1 },
        limits: { wall_seconds: 1, memory_mib: null, disk_mib: null },
        resumeFrom: null,
      });
      expect(contractSchemas["job.request"].parse(request).steps.map((step) => step.name)).toEqual(["train", "evaluate"]);
      expect(request.steps[0]?.publish_to).toBe(`${place.home}/models/${key}`);
    } finally {
      await place.remove();
    }
  });

  it("weights a mixture's datasets by its temperature: rows of small ones are seen oftener", () => {
    const sizes = [100, 400, 1600];
    const sets = sizes.map((rows, index): PoolDataset => ({
      kind: "dataset",
      id: `d${index}`,
      key: testKey(`d${index}`),
      format: "prompt_completion",
      rows,
      meanTokens: 10,
      path: `/data/d${index}.jsonl`,
    }));
    const mixed = (temperature?: number) => {
      const setting = actionTypes.sft.settingSchema.parse(temperature === undefined ? {} : { mixture_temperature: temperature });
      const trial = { number: 1, action: action("sft", { datasets: sets.map(({ id }) => id), setting }), key };
      const [train] = buildTrainJob({ ...view, datasetsById: new Map(sets.map((entry) => [entry.id, entry])) }, trial).steps;
      expect(train?.settings).not.toHaveProperty("mixture_temperature");
      const refs = z.array(z.looseObject({ rows: z.number(), weight: z.number() })).parse(train?.inputs["datasets"]);
      return refs.toSorted((a, b) => a.rows - b.rows).map(({ rows, weight }) => rows * weight);
    };
    expect(mixed()).toEqual(sizes);
    expect(mixed(1)).toEqual(sizes);
    expect(mixed(2)).toEqual([10, 20, 40].map((mass) => expect.closeTo(mass)));
    const [small = 0, , large = 0] = mixed(1000);
    expect(large / small).toBeCloseTo(1, 2);
  });

  it("puts adapters on the weights that they were trained on, outermost last", () => {
    const lora = actionTypes.sft.settingSchema.parse({ peft_r: 8 });
    const [train, evaluate] = buildTrainJob(view, { number: 1, action: action("sft", { models: ["m2"], setting: lora }), key }).steps;
    expect(train?.inputs["model"]).toEqual({ key: testKey("m2"), path: "/models/m0", adapters: ["/models/m1", "/models/m2"] });
    expect(evaluate?.inputs["model"]).toEqual({ key, path: "/models/m0", adapters: ["/models/m1", "/models/m2", `models/${key}`] });
  });

  it("evaluates full weights where they will be published", () => {
    const [, evaluate] = buildTrainJob(view, { number: 1, action: action("sft", { models: ["m2"] }), key }).steps;
    expect(evaluate?.inputs["model"]).toEqual({ key, path: `models/${key}`, adapters: [] });
  });

  it("gives task-vector merges their common base, and the others none", () => {
    const [ties, slerp] = (["merge_ties", "merge_slerp"] as const).map(
      (type) => buildTrainJob(view, { number: 1, action: action(type), key }).steps[0],
    );
    expect(ties?.inputs["base_model"]).toEqual({ key: testKey("m0"), path: "/models/m0", adapters: [] });
    expect(slerp?.inputs["base_model"]).toBeNull();
  });

  it("counts less work at lower fidelity", () => {
    const [half, full] = [0.5, 1].map(
      (steps) => buildTrainJob(view, { number: 1, action: action("sft", { fidelity: { data: 1, steps } }), key }).steps[0]?.work ?? 0,
    );
    expect(full).toBeGreaterThan(0);
    expect(half).toBe((full ?? 0) / 2);
  });

  it("names what the pool lacks", () => {
    expect(() => buildTrainJob(view, { number: 1, action: action("sft", { models: ["m9"] }), key })).toThrow("m9");
    expect(() => buildTrainJob(view, { number: 1, action: action("sft", { datasets: ["gone"] }), key })).toThrow("gone");
  });
});

describe("buildEvaluateJob", () => {
  it("has another key for each model and split, whatever the run", () => {
    const keys = ["m0", "m1"].flatMap((id) =>
      (["search", "final"] as const).map((split) => buildEvaluateJob(view, { model: id, split }).key),
    );
    expect(new Set(keys).size).toBe(4);
    const other = { ...view, run: { ...run, id: "r2" } };
    expect(buildEvaluateJob(other, { model: "m0", split: "search" }).key).toBe(keys[0]);
  });

  it("reads the items of its split, with few-shot examples from the train share", () => {
    const [step] = buildEvaluateJob(view, { model: "m0", split: "confirm" }).steps;
    expect(step?.inputs["tasks"]).toMatchObject([
      { id: "math", items_path: "/tasks/math/confirm.jsonl", few_shot_path: "/tasks/math/train.jsonl", chat_template: true },
      { id: "csqa", items_path: "/tasks/csqa/confirm.jsonl", num_fewshot: null },
    ]);
    // 20 items of short answers, and 20 of lm-eval's, which count ten times.
    expect(step?.work).toBe(1000 * (20 + 20 * 10));
  });
});
