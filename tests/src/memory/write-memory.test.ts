import { beforeAll, describe, expect, it } from "vitest";
import { weigh } from "#src/memory/experience.ts";
import type { MemoryVersion } from "#src/memory/memory.ts";
import { writeMemory } from "#src/memory/write-memory.ts";
import { createPolicy } from "#src/policy/create-policy.ts";
import { SimulatedRun } from "#tests/fixtures/simulated-run.ts";

/** What the memory says of a run in which trainings on math changed math by so much, after common and else. */
function experienceOf({ after, alone }: { after: number[]; alone: number[] }): string {
  const view = new SimulatedRun(2);
  view.weights = { math: 1 };
  const trial = view.finish(view.start(view.space.sample("sft", view.rng())!), "diverged");
  const { experience } = view;
  for (const [index, math] of [...after, ...alone].entries()) experience.effects.count("dataset:math", index + 1, { math });
  for (const [index, math] of after.entries()) experience.effects.count("math after common", index + 1, { math });
  return writeMemory({ previous: null, trial, prediction: null, experience, view }).experience;
}

describe("writeMemory", () => {
  const run = new SimulatedRun(2);
  const versions: MemoryVersion[] = [];

  beforeAll(async () => {
    const policy = createPolicy("random", run.config);
    const write = () => {
      const trial = run.trials.at(-1);
      if (trial !== undefined)
        versions.push(writeMemory({ previous: versions.at(-1) ?? null, trial, prediction: null, experience: run.experience, view: run }));
    };
    const lookahead = createPolicy("lookahead", run.config);
    for (let turn = 0; turn < 20; turn++) {
      const proposal = await run.step(lookahead);
      if (proposal !== null) write();
    }
    for (let turn = 0; turn < 120; turn++) {
      await run.step(policy, () => (turn % 10 === 9 ? "out_of_memory" : null));
      write();
    }
  });

  it("keeps within its sizes however long the run", () => {
    expect(versions).toHaveLength(140);
    for (const memory of versions) {
      expect(memory.experience.length).toBeLessThanOrEqual(1200);
      expect(memory.directions.length).toBeLessThanOrEqual(800);
      expect(memory.lesson.length).toBeLessThanOrEqual(400);
      expect(memory.effects.length).toBeLessThanOrEqual(60);
    }
    expect(versions.map(({ version }) => version)).toEqual(versions.map((_, index) => index + 1));
  });

  it("names the best model, the effects that worked and those that cost, with trials that exist", () => {
    const { experience } = versions.at(-1)!;
    const best = run.models.toSorted((a, b) => weigh(run.scores.get(b.id)!, run.weights) - weigh(run.scores.get(a.id)!, run.weights))[0]!;
    expect(experience).toContain(`Best is ${best.id} at .`);
    expect(experience).toContain("What has worked: ");
    expect(experience).toMatch(/What has cost: .*(math_words|common_name)/);
    const cited = [...experience.matchAll(/trials? ([\d, and…]+)/g)].flatMap((match) => match[1]?.match(/\d+/g) ?? []).map(Number);
    expect(cited.length).toBeGreaterThan(5);
    expect(cited.every((trial) => trial >= 1 && trial <= 140)).toBe(true);
  });

  it("tells of a dataset that sinks a task, of merges and of failures", () => {
    const { experience, failures } = versions.at(-1)!;
    expect(experience).toMatch(/Training on common_name sinks common from \.\d+ to \.0\d+ \((the latest of )?trial/);
    expect(experience).toMatch(/merge_(ties|linear) kept the better parent's score in \d+ of \d+ merges/);
    expect(failures).toEqual([{ reason: "out_of_memory", count: 12, trials: [50, 60, 70, 80, 90, 100, 110, 120, 130, 140] }]);
  });

  it("writes a lesson with the change over the parent, and whether the prediction held", () => {
    const trial = run.trials[3]!;
    const score = weigh(trial.scores!, run.weights);
    const lesson = (low: number, high: number) =>
      writeMemory({
        previous: null,
        trial,
        prediction: { mean: (low + high) / 2, low, high, tasks: {} },
        experience: run.experience,
        view: run,
      }).lesson;
    expect(lesson(score - 0.1, score + 0.1)).toMatch(
      /^Trial 4: SFT of m0 on \w+, 80 steps gave \.\d+, [+−]\.\d+.* over m0.*; as predicted \(\./,
    );
    expect(lesson(score + 0.1, score + 0.2)).toContain("; below the prediction (");
    expect(lesson(0, score - 0.1)).toContain("; above the prediction (");
    expect(versions[29]?.lesson).toMatch(/^Trial 30: .* failed \(out_of_memory\)\.$/);
  });

  it("points to what could help the leader's weakest task, and repeats what people asked for", () => {
    run.direct({ kind: "focus", text: "tool use" }, "look at tool use");
    const { directions } = writeMemory({
      previous: null,
      trial: run.trials.at(-1)!,
      prediction: null,
      experience: run.experience,
      view: run,
    });
    expect(directions).toMatch(/^ada asked: "look at tool use"\./);
    expect(directions).toMatch(/m\d+ is weakest on \w+ \(\.\d+\)/);
  });

  it("names what a training sank with its scores", () => {
    const trial = run.trials.findLast(({ action }) => action.type === "sft" && action.datasets.join() === "common_name")!;
    const { lesson } = writeMemory({ previous: null, trial, prediction: null, experience: run.experience, view: run });
    expect(lesson).toMatch(/ \(.*common from \.\d+ to \.0\d+.*\)/);
  });

  it("tells of an order with its interval, and only where that leaves out 0", () => {
    expect(experienceOf({ after: [-0.1, -0.12, -0.11], alone: [0.06, 0.08] })).toContain(
      "Order matters: math after common hurts, −.110 [−.135, −.085] (trials 1, 2 and 3), against +.070 elsewhere.",
    );
    expect(experienceOf({ after: [0.1, 0.12, 0.11], alone: [0.02, 0.04] })).toContain("math after common helps, +.110 [+.085, +.135]");
    expect(experienceOf({ after: [-0.3, 0.1, -0.1], alone: [0.06, 0.08] })).not.toContain("Order matters");
  });

  it("says what merges brought back", () => {
    const merged = new SimulatedRun(2);
    merged.experience.merges.set("merge_ties", {
      kept: [9],
      lost: [],
      regained: [{ trial: 9, task: "math", worse: 0.02, better: 0.73, score: 0.71 }],
    });
    const { experience } = writeMemory({
      previous: null,
      trial: run.trials[0]!,
      prediction: null,
      experience: merged.experience,
      view: merged,
    });
    expect(experience).toContain("merge_ties brought back math in trial 9 (.710; parents .020 and .730).");
  });

  it("gives the same memory for the same run", () => {
    const input = { previous: null, trial: run.trials.at(-1)!, prediction: null, experience: run.experience, view: run };
    expect(writeMemory(input)).toEqual(writeMemory(input));
  });
});
