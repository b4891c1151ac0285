import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pickContenders } from "#graphs/conductor/contenders.ts";
import { evaluationKey } from "#src/action/key.ts";
import { anAction, RecordedRun } from "#tests/fixtures/recorded-run.ts";

const items = 100;

let recorded: RecordedRun;
beforeEach(async () => {
  recorded = await RecordedRun.open();
});
afterEach(() => recorded.close());

/** A model of one SFT that answers the items from `from` to `to` right, on both tasks. */
async function make(parent: string, dataset: string, from: number, to: number): Promise<string> {
  const id = await recorded.finish(await recorded.select(anAction("sft", [parent], [dataset])), {});
  const model = (await recorded.store.objects.models(recorded.run.id)).find((each) => each.id === id);
  const strict = Float32Array.from({ length: items }, (_, item) => (item >= from && item < to ? 1 : 0));
  const score = (to - from) / items;
  for (const { id: task, key: taskKey } of recorded.run.tasks) {
    const key = evaluationKey(model?.key ?? "", taskKey, "search");
    const parts = { key, modelKey: model?.key ?? "", task, taskKey, split: "search", items, score, lenient: score } as const;
    const answers = { majority: 0.2, hitTokenLimit: 0, empty: 0, mostCommonOutput: 0.2, medianOutputTokens: 4, p90OutputTokens: 6 };
    await recorded.store.evaluations.put({ ...parts, ...answers, createdAt: "" }, { evaluationKey: key, strict, lenient: strict });
  }
  return id;
}

async function pick(limit: number): Promise<string[]> {
  const models = new Map((await recorded.store.objects.models(recorded.run.id)).map((model) => [model.id, model]));
  const model = (id: string) => {
    const found = models.get(id);
    if (found === undefined) throw new Error(`no model ${id}`);
    return found;
  };
  const view = { run: recorded.run, runId: recorded.run.id, noiseFloor: null, model };
  return (await pickContenders(recorded.store, view, limit)).map(({ id }) => id);
}

describe("pickContenders", () => {
  it("looks past a near sibling that is behind for sure at a lineage whose wider interval holds 0", async () => {
    const best = await make("m0", "math", 0, 60);
    await make(best, "math", 0, 55);
    const other = await make("m0", "common", 45, 99);
    expect(await pick(3)).toEqual([best, other]);
  });

  it("looks past a model of another lineage that is behind for sure as well", async () => {
    const best = await make("m0", "math", 0, 60);
    await make("m0", "common", 0, 53);
    const child = await make("m2", "math", 48, 100);
    expect(await pick(3)).toEqual([best, child]);
    expect(await pick(1)).toEqual([best]);
  });
});
