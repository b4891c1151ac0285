import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pooledNoise } from "#graphs/conductor/confirm.ts";
import type { PoolModel } from "#src/pool/objects.ts";
import { anAction, RecordedRun } from "#tests/fixtures/recorded-run.ts";

let recorded: RecordedRun;
beforeEach(async () => {
  recorded = await RecordedRun.open();
});
afterEach(() => recorded.close());

/** A training of one SFT under a seed, read on both splits. */
async function train(kind: "baseline" | "repeat" | "chosen", dataset: string, seed: number): Promise<PoolModel> {
  const number = await recorded.select({ ...anAction("sft", ["m0"], [dataset]), seed }, kind);
  const id = await recorded.finish(number, { math: 50 + 2 * seed, common: 40 + 3 * seed });
  await recorded.evaluate(id, { math: 52 + 3 * seed, common: 41 + 2 * seed }, "confirm");
  const model = await recorded.store.objects.find(recorded.run.id, id);
  if (model?.kind !== "model") throw new Error(`no model ${id}`);
  return model;
}

const degrees = async (pipelines: { model: PoolModel; again: PoolModel[]; isTrained: boolean }[]) =>
  (await pooledNoise(recorded.store, recorded.run, pipelines, "confirm"))?.degrees ?? null;

describe("pooledNoise", () => {
  it("counts each training once where the strongest baseline is the one that was repeated", async () => {
    const model = await train("baseline", "math", 0);
    const again = [await train("repeat", "math", 1), await train("repeat", "math", 2), await train("repeat", "math", 3)];
    expect(await degrees([{ model, again, isTrained: true }])).toBe(2);
    // The baseline itself and the repeat that was not read again are one more pair.
    expect(await degrees([{ model, again: again.slice(0, 2), isTrained: true }])).toBe(2);
  });

  it("takes a training that was repeated as one of its group", async () => {
    await train("baseline", "math", 0);
    await train("baseline", "common", 0);
    await train("repeat", "math", 1);
    await train("repeat", "math", 2);
    expect(await degrees([])).toBe(2);
  });

  it("counts a pipeline once that is candidate and reference", async () => {
    const pipeline = {
      model: await train("chosen", "common", 0),
      again: [await train("chosen", "common", 1), await train("chosen", "common", 2)],
      isTrained: true,
    };
    expect(await degrees([pipeline])).toBe(1);
    expect(await degrees([pipeline, pipeline])).toBe(1);
  });
});
