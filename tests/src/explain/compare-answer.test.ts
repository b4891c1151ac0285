import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { renderAnswer } from "#src/explain/answer/render-answer.ts";
import { compareAnswer } from "#src/explain/answers/compare-answer.ts";
import { RunFacts } from "#src/explain/run-facts.ts";
import { anAction, RecordedRun } from "#tests/fixtures/recorded-run.ts";

let recorded: RecordedRun;
beforeEach(async () => {
  recorded = await RecordedRun.open();
});
afterEach(() => recorded.close());

/** A training of one SFT under a seed with so many of 100 items right on each task. */
async function train(kind: "baseline" | "repeat" | "chosen", dataset: string, seed: number, right: number): Promise<string> {
  const number = await recorded.select({ ...anAction("sft", ["m0"], [dataset]), seed }, kind);
  return recorded.finish(number, { math: right, common: right });
}

async function ask(a: string, b: string): Promise<string> {
  return renderAnswer(await compareAnswer(await RunFacts.open(recorded.store, recorded.run), { a, b }), "plain");
}

describe("compareAnswer", () => {
  it("calls a gap under the noise floor a tie, whichever of the two is asked about first", async () => {
    const better = await train("baseline", "math", 0, 60);
    await train("repeat", "math", 1, 40);
    const worse = await train("chosen", "common", 0, 50);
    for (const answer of [await ask(better, worse), await ask(worse, better)]) {
      expect(answer).toMatch(/^That is not shown: .*the gap is under the noise floor, so it is a tie on these\./);
      expect(answer).toMatch(/Noise: the gap is under the noise floor \.251: another training seed may turn it round\./);
    }
  });

  it("says which is better where the gap is over the floor", async () => {
    const better = await train("baseline", "math", 0, 80);
    await train("repeat", "math", 1, 78);
    const worse = await train("chosen", "common", 0, 50);
    expect(await ask(better, worse)).toMatch(new RegExp(`^Yes: ${better} is \\+\\.300`));
    expect(await ask(worse, better)).toMatch(new RegExp(`^No, the other way round: ${better} is \\+\\.300`));
  });

  it("claims nothing of the noise where the repeats scored the same", async () => {
    const one = await train("baseline", "math", 0, 60);
    const other = await train("repeat", "math", 1, 60);
    const answer = await ask(one, other);
    expect(answer).toContain("the interval holds 0, so it is a tie on these.");
    expect(answer).toContain("Noise: not known in this run (nothing was repeated, or the repeats scored the same)");
    expect(answer).not.toContain("over the noise floor");
  });
});
