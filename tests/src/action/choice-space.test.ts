import { describe, expect, it } from "vitest";
import { type Action, fullFidelity } from "#src/action/action.ts";
import { actionTypes } from "#src/action/action-types.ts";
import { canonicalSetting } from "#src/action/canonical-action.ts";
import { ChoiceSpace } from "#src/action/choice-space.ts";
import type { DirectiveBody } from "#src/memory/directive.ts";
import { createRng } from "#src/policy/rng.ts";
import { baseModel, dataset, madeModel } from "#tests/fixtures/pool-objects.ts";

const limits = { merge_parents: 3, mixture_datasets: 1, max_depth: 4 };

function action(changes: Partial<Action> & Pick<Action, "type" | "models">): Action {
  const setting = canonicalSetting(actionTypes[changes.type].settingSchema.parse({}));
  return { datasets: [], setting, seed: 0, fidelity: fullFidelity, ...changes };
}

function skillSpace(): ChoiceSpace {
  const space = new ChoiceSpace({ actions: { sft: {}, dpo: {}, merge_linear: {}, merge_ties: {}, merge_slerp: {} }, ...limits });
  for (const model of [baseModel("m0"), madeModel("m1"), madeModel("m2"), madeModel("m3", { compatibility: "large" })])
    space.addModel(model);
  space.addModel(madeModel("m4", { base: null }));
  space.addModel(madeModel("m5", { depth: 4 }));
  for (const each of [dataset("math"), dataset("common"), dataset("prefs", "preference")]) space.addDataset(each);
  return space;
}

function ban(body: DirectiveBody) {
  return [{ id: 1, author: "anna", createdAt: "", revokedAt: null, text: "stop that", body }];
}

describe("ChoiceSpace.check", () => {
  it.each([
    [
      "an action type that the run lacks",
      action({ type: "kto", models: ["m0"], datasets: ["prefs"] }),
      "kto is not an action type of this run. Action types: sft, dpo",
    ],
    ["a model that is not in the pool", action({ type: "sft", models: ["m99"], datasets: ["math"] }), 'there is no model "m99"'],
    [
      "a dataset that is not in the pool",
      action({ type: "sft", models: ["m0"], datasets: ["mth"] }),
      'there is no dataset "mth". Datasets: math, common, prefs',
    ],
    [
      "a dataset of the wrong format",
      action({ type: "dpo", models: ["m0"], datasets: ["math"] }),
      "math has the format prompt_completion; dpo takes preference",
    ],
    ["two datasets", action({ type: "sft", models: ["m0"], datasets: ["math", "common"] }), "sft takes one dataset, not 2"],
    ["a merge on a dataset", action({ type: "merge_linear", models: ["m1", "m2"], datasets: ["math"] }), "merge_linear takes no dataset"],
    ["a merge of a model with itself", action({ type: "merge_linear", models: ["m1", "m1"] }), "m1 is there twice"],
    ["a merge of unlike models", action({ type: "merge_linear", models: ["m1", "m3"] }), "differ in architecture or tokenizer"],
    ["a task-vector merge with the base", action({ type: "merge_ties", models: ["m0", "m1"] }), "m0 is a base: its task vector is zero"],
    ["a task-vector merge over mixed bases", action({ type: "merge_ties", models: ["m1", "m4"] }), "do not come from one base"],
    ["too many parents", action({ type: "merge_slerp", models: ["m0", "m1", "m2"] }), "merge_slerp takes 2 models, not 3"],
    ["a model at the depth limit", action({ type: "sft", models: ["m5"], datasets: ["math"] }), "m5 is 4 actions deep, and max_depth is 4"],
    [
      "a setting that is no choice",
      action({ type: "merge_ties", models: ["m1", "m2"], setting: { density: 0.9, lambda: 1, weights: "equal" } }),
      "density must be one of 0.5, not 0.9",
    ],
    [
      "an unknown setting",
      action({ type: "merge_linear", models: ["m1", "m2"], setting: { wieghts: "equal" } }),
      'has no setting "wieghts". Settings: weights',
    ],
    ["a missing setting", action({ type: "merge_linear", models: ["m1", "m2"], setting: {} }), 'lacks the setting "weights"'],
    [
      "a fidelity of nothing",
      action({ type: "sft", models: ["m0"], datasets: ["math"], fidelity: { data: 0, steps: 1 } }),
      "fidelity must lie in (0, 1]",
    ],
    ["a broken seed", action({ type: "sft", models: ["m0"], datasets: ["math"], seed: 0.5 }), "the training seed must be a whole number"],
  ])("refuses %s and says why", (_, refused, reason) => {
    const verdict = skillSpace().check(refused);
    expect(verdict.valid ? "" : verdict.reason).toContain(reason);
  });

  it("takes a claimed action again under another training seed or fidelity, which are other actions", () => {
    const space = skillSpace();
    const tried = action({ type: "sft", models: ["m0"], datasets: ["math"] });
    space.claim(tried);
    expect(space.check(tried)).toEqual({ valid: false, reason: "it was tried already, or is under way" });
    expect(space.check({ ...tried, seed: 1 })).toEqual({ valid: true });
    expect(space.check({ ...tried, fidelity: { data: 0.25, steps: 0.25 } })).toEqual({ valid: true });
    space.claim({ ...tried, seed: 1 });
    expect(space.size().byType.sft).toBe([...space.iterate("sft")].length);
  });

  it("recognises a claimed merge whatever the order of its parents", () => {
    const space = new ChoiceSpace({ actions: { merge_linear: { weights: [[0.7, 0.3]] } }, ...limits });
    for (const id of ["m1", "m2"]) space.addModel(madeModel(id));
    space.claim(action({ type: "merge_linear", models: ["m2", "m1"], setting: { weights: [0.3, 0.7] } }));
    expect(space.check(action({ type: "merge_linear", models: ["m1", "m2"], setting: { weights: [0.7, 0.3] } })).valid).toBe(false);
    expect([...space.iterate()].map((left) => left.setting["weights"])).toEqual([[0.3, 0.7]]);
  });
});

describe("bans", () => {
  it.each<[string, DirectiveBody, (each: Action) => boolean]>([
    ["an object", { kind: "ban", object: "m1" }, (each) => each.models.includes("m1")],
    ["a base by its name", { kind: "ban", object: "base-m0" }, (each) => each.models.includes("m0")],
    ["a dataset", { kind: "ban", object: "math" }, (each) => each.datasets.includes("math")],
    ["an action type", { kind: "ban", actionType: "merge_ties" }, (each) => each.type === "merge_ties"],
    [
      "a combination",
      { kind: "ban", combination: { actionType: "sft", object: "math" } },
      (each) => each.type === "sft" && each.datasets.includes("math"),
    ],
    [
      "an action type with an object",
      { kind: "ban", actionType: "merge_linear", object: "m2" },
      (each) => each.type === "merge_linear" && each.models.includes("m2"),
    ],
  ])("leave out %s and nothing else", (_, body, isBanned) => {
    const before = [...skillSpace().iterate()];
    const space = skillSpace();
    space.setDirectives(ban(body));
    expect([...space.iterate()]).toEqual(before.filter((each) => !isBanned(each)));
    expect(space.size().total).toBe(before.filter((each) => !isBanned(each)).length);
    const verdict = space.check(before.find(isBanned) ?? action({ type: "sft", models: [] }));
    expect(verdict.valid ? "" : verdict.reason).toContain('anna said: "stop that"');
  });

  it("hold for models that join later", () => {
    const space = skillSpace();
    space.setDirectives(ban({ kind: "ban", object: "m6" }));
    space.addModel(madeModel("m6"));
    expect([...space.iterate()].some((each) => each.models.includes("m6"))).toBe(false);
  });
});

describe("twins", () => {
  it("count once: a second object with the same content would be the same action again", () => {
    const space = new ChoiceSpace({ actions: { sft: {} }, ...limits });
    space.addModel(baseModel("m0"));
    space.addModel(baseModel("m1", { key: "key-m0" }));
    space.addDataset(dataset("math"));
    expect(space.size().total).toBe(1);
    const verdict = space.check(action({ type: "sft", models: ["m1"], datasets: ["math"] }));
    expect(verdict.valid ? "" : verdict.reason).toBe("m1 holds the same as m0: use m0");
  });
});

describe("ranges", () => {
  const config = {
    actions: { sft: { learning_rate: { min: 1e-5, max: 1e-3, scale: "log" }, peft: { r: { min: 4, max: 64, scale: "log" } } } },
    ...limits,
  } as const;

  it("are dimensions, count as one choice at their middle, and are whole where the setting is", () => {
    const space = new ChoiceSpace(config);
    space.addModel(baseModel("m0"));
    space.addDataset(dataset("math"));
    expect(space.size()).toEqual({
      total: 1,
      byType: { sft: 1 },
      dimensions: [
        { actionType: "sft", setting: "learning_rate", min: 1e-5, max: 1e-3, scale: "log" },
        { actionType: "sft", setting: "peft_r", min: 4, max: 64, scale: "log" },
      ],
    });
    expect(space.settings("sft")[0]).toMatchObject({ learning_rate: 1e-4, peft_r: 16 });
  });

  it("are drawn on their scale, inside their limits, and pass the check", () => {
    const space = new ChoiceSpace(config);
    space.addModel(baseModel("m0"));
    space.addDataset(dataset("math"));
    const rng = createRng("ranges");
    let below = 0;
    for (let i = 0; i < 500; i++) {
      const drawn = space.sample("sft", rng);
      if (drawn === null) throw new Error("a range never runs out");
      expect(space.check(drawn)).toEqual({ valid: true });
      expect(Number.isInteger(drawn.setting["peft_r"])).toBe(true);
      if (Number(drawn.setting["learning_rate"]) < 1e-4) below++;
      space.claim(drawn);
    }
    // Half of a log scale lies below its geometric middle: 250 ± 5 standard deviations of 11.
    expect(below).toBeGreaterThan(195);
    expect(below).toBeLessThan(305);
  });
});

describe("a range of mixture temperatures", () => {
  const actions = { sft: { mixture_temperature: { min: 1, max: 8, scale: "log" } } } as const;

  it("is drawn for mixtures, and a training on one dataset, which has none, is tried once", () => {
    const space = new ChoiceSpace({ ...limits, actions, mixture_datasets: 2 });
    space.addModel(baseModel("m0"));
    for (const id of ["common", "math"]) space.addDataset(dataset(id));
    const rng = createRng("temperatures");
    const singles: string[] = [];
    const temperatures = new Set<number>();
    for (let i = 0; i < 40; i++) {
      const drawn = space.sample("sft", rng);
      if (drawn === null) throw new Error("a range never runs out");
      expect(space.check(drawn)).toEqual({ valid: true });
      if (drawn.datasets.length === 1) singles.push(drawn.datasets.join());
      else temperatures.add(Number(drawn.setting["mixture_temperature"]));
      expect("mixture_temperature" in drawn.setting).toBe(drawn.datasets.length > 1);
      space.claim(drawn);
    }
    expect(singles.toSorted()).toEqual(["common", "math"]);
    expect(temperatures.size).toBe(38);
    expect([...temperatures].every((value) => value >= 1 && value <= 8)).toBe(true);
  });

  it("is refused for one dataset, in words that say so", () => {
    const space = new ChoiceSpace({ ...limits, actions, mixture_datasets: 2 });
    space.addModel(baseModel("m0"));
    space.addDataset(dataset("math"));
    const [single] = space.settings("sft", 1);
    const setting = { ...single, mixture_temperature: 2 };
    const validity = space.check(action({ type: "sft", models: ["m0"], datasets: ["math"], setting }));
    expect(validity).toMatchObject({ valid: false, reason: expect.stringContaining('no setting "mixture_temperature" on one dataset') });
  });
});

describe("sampling", () => {
  it("is uniform over the actions that are left", () => {
    const space = new ChoiceSpace({ actions: { merge_linear: { weights: ["equal", [0.7, 0.3]] } }, ...limits });
    for (const id of ["m1", "m2", "m3", "m4"]) space.addModel(madeModel(id));
    const [first] = space.iterate();
    if (first === undefined) throw new Error("empty space");
    space.claim(first);
    const cells = space.size().total;
    const draws = 21_000;
    const counts = new Map<string, number>();
    const rng = createRng("uniform");
    for (let i = 0; i < draws; i++) {
      const text = JSON.stringify(space.sample("merge_linear", rng));
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    const expected = draws / cells;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(cells).toBe(4 + 6 * 3 - 1);
    expect(counts.size).toBe(cells);
    // Quantile .999 of chi-square with 20 degrees of freedom.
    expect(chiSquare).toBeLessThan(45.3);
  });

  it("stays under a millisecond with 10,000 models and 10,000 claims", () => {
    const space = new ChoiceSpace({
      actions: { sft: { max_steps: [80, 20] }, merge_linear: { weights: ["equal", [0.7, 0.3]] }, merge_ties: { density: [0.5, 0.8] } },
      ...limits,
    });
    for (let i = 0; i < 7; i++) space.addDataset(dataset(`data${i}`));
    space.addModel(baseModel("m0"));
    const rng = createRng("scale");
    const start = performance.now();
    for (let i = 1; i <= 10_000; i++) {
      space.addModel(madeModel(`m${i}`));
      const type = rng.pick(space.types);
      const drawn = space.sample(type, rng);
      if (drawn === null) continue;
      if (!space.check(drawn).valid) throw new Error("sampled an invalid action");
      space.claim(drawn);
      space.size();
    }
    expect((performance.now() - start) / 10_000).toBeLessThan(1);
    const ties = ((10_000 * 9_999) / 2 + (10_000 * 9_999 * 9_998) / 6) * 2;
    expect(space.size().byType.merge_ties ?? 0).toBeGreaterThan(ties - 10_000);
    expect(space.size().byType.merge_ties ?? 0).toBeLessThan(ties);
  });
});
