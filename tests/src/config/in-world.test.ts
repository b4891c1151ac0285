import { describe, expect, it } from "vitest";
import { inWorld } from "#src/config/in-world.ts";
import { runConfigSchema } from "#src/config/run-config.ts";

const config = runConfigSchema.parse({
  name: "mixed",
  models: { base: { path: "tiny-world:S/base" } },
  datasets: { math: { path: "tiny-world:math?world=3" }, own: { path: "/data/own.jsonl" } },
  tasks: { math: { kind: "generate", path: "tiny-world:math", verifier: { kind: "exact" } } },
  actions: { sft: {} },
});

describe("a config in another world", () => {
  it("draws the tiny world's data and tasks anew, and leaves models and a person's own files", () => {
    const { models, datasets, tasks } = inWorld(config, 7);
    expect(Object.values(datasets).map(({ path }) => path)).toEqual(["tiny-world:math?world=7", "/data/own.jsonl"]);
    expect(tasks["math"]).toMatchObject({ path: "tiny-world:math?world=7" });
    expect(models).toEqual(config.models);
  });
});
