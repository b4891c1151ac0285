import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildRecipe, formatRecipe, parseRecipe, type Recipe, recipeActions, recipeConfig } from "#src/pipeline/recipe.ts";
import { anAction, RecordedRun } from "#tests/fixtures/recorded-run.ts";

describe("recipes", () => {
  let recorded: RecordedRun;
  let recipe: Recipe;
  beforeAll(async () => {
    recorded = await RecordedRun.open();
    await recorded.evaluate("m0", { math: 40, common: 40 });
    const actions = [
      anAction("sft", ["m0"], ["math"], { max_steps: 80 }),
      anAction("sft", ["m0"], ["common"], { max_steps: 20 }),
      anAction("merge_ties", ["m1", "m2"], [], { weights: [0.7, 0.3] }),
      anAction("dpo", ["m3"], ["prefs"], { beta: 0.2 }),
    ];
    for (const action of actions) await recorded.finish(await recorded.select(action), { math: 60, common: 50 });
    const [merge] = (await recorded.store.objects.models(recorded.run.id)).filter((model) => model.id === "m3");
    mkdirSync(merge?.path ?? "", { recursive: true });
    writeFileSync(
      join(merge?.path ?? "", "temper.json"),
      JSON.stringify({ key: merge?.key, reply: { versions: { mergekit: "0.1.5" }, metrics: { model_hash: "abc" } } }),
    );
    const fields = { revisions: { math: "4a1f" } };
    await recorded.store.events.append({ runId: recorded.run.id, kind: "run-create", actor: "owner", trial: null, text: "", fields });
    recipe = await buildRecipe(recorded.store, recorded.run, "m4");
  });
  afterAll(() => recorded.close());

  it("hold every step back to the bases, with sources, hashes, versions and expected scores", () => {
    expect(recipe.steps.map(({ name, action, models, datasets }) => ({ name, action, models, datasets }))).toEqual([
      { name: "m1", action: "sft", models: ["tiny"], datasets: ["math"] },
      { name: "m2", action: "sft", models: ["tiny"], datasets: ["common"] },
      { name: "m3", action: "merge_ties", models: ["m1", "m2"], datasets: [] },
      { name: "m4", action: "dpo", models: ["m3"], datasets: ["prefs"] },
    ]);
    expect(recipe.models).toEqual({ tiny: { path: "tiny-world:S/base", key: "key-m0" } });
    expect(recipe.datasets["math"]).toMatchObject({ path: "tiny-world:math", revision: "4a1f", key: "key-math", rows: 100 });
    expect(recipe.versions).toMatchObject({ mergekit: "0.1.5" });
    expect(recipe.steps[2]).toMatchObject({ model_hash: "abc", setting: { weights: [0.7, 0.3], density: 0.5 } });
    expect(recipe.expected).toHaveLength(1);
    expect(recipe.expected[0]).toMatchObject({
      split: "search",
      score: { mean: expect.closeTo(0.55, 6), items: 200 },
      tasks: { math: { mean: expect.closeTo(0.6, 6) } },
    });
  });

  it("leave out what the model does not descend from", async () => {
    const single = await buildRecipe(recorded.store, recorded.run, "m2");
    expect(single.steps.map((step) => step.name)).toEqual(["m2"]);
    expect(Object.keys(single.datasets)).toEqual(["common"]);
  });

  it("come back from YAML as they were, with words above each step", () => {
    const text = formatRecipe(recipe);
    expect(text).toContain("# Recipe of m4, trial 4 of run skills. Replay: temper replay THIS-FILE");
    expect(text).toContain("# m3: TIES merge, weights 0.7 and 0.3, density 0.5 from m1, m2");
    expect(parseRecipe(text, "recipe.yaml")).toEqual(recipe);
  });

  it("replay parents before children, also when the file has them the other way round", () => {
    const reversed = { ...recipe, steps: recipe.steps.toReversed() };
    const order = recipeActions(reversed).map(({ step }) => step);
    expect(order.indexOf("m3")).toBeGreaterThan(Math.max(order.indexOf("m1"), order.indexOf("m2")));
    expect(order.at(-1)).toBe("m4");
    expect(recipeActions(recipe).find(({ step }) => step === "m1")?.action).toEqual({
      ...anAction("sft", ["tiny"], ["math"], { max_steps: 80 }),
    });
  });

  it("make the config of a run without search or baselines", () => {
    const config = recipeConfig(recipe);
    expect(config).toMatchObject({
      name: "replay-skills-m4",
      baselines: false,
      actions: {},
      seed: 7,
      models: { tiny: { path: "tiny-world:S/base" } },
    });
    expect(config.datasets["prefs"]).toEqual(recorded.run.config.datasets["prefs"]);
    expect(config.tasks).toEqual(recorded.run.config.tasks);
  });

  it("refuse a model that the run lacks", async () => {
    await expect(buildRecipe(recorded.store, recorded.run, "m9")).rejects.toThrow("There is no model m9 in run skills");
  });

  it.each([
    ["steps:", "stps:", 'stps — unknown key. Did you mean "steps"?'],
    ["action: dpo", "action: dop", '"dop" is not one of sft, dpo'],
    ["result: m4", "result: m5", 'result — there is no base or step "m5". Did you mean "m1"?'],
    ["      - m3\n", "      - m7\n", 'steps.3.models — there is no base or step "m7".'],
    ["      - m3\n", "      - m4\n", 'steps.3 — "m4" can never start'],
    ["name: m2\n", "name: m1\n", '"m1" is there twice'],
    ["beta: 0.2", "beta: -2", "steps.3.setting — beta"],
    ["recipe: 1", "recipe: 2", "recipe — "],
  ])("refuse %s written as %s, with the line", (from, to, words) => {
    const text = formatRecipe(recipe);
    expect(text).toContain(from);
    expect(() => parseRecipe(text.replace(from, to), "recipe.yaml")).toThrow(words);
    expect(() => parseRecipe(text.replace(from, to), "recipe.yaml")).toThrow(/^recipe\.yaml:\d+:\d+ {2}/);
  });
});
