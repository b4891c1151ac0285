import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CostModel } from "#src/budget/cost-model.ts";
import { timeLimitSeconds } from "#src/budget/time-limit.ts";
import { createRng } from "#src/policy/rng.ts";
import type { Job } from "#src/store/store.ts";
import { sampleEstimate, sampleJob } from "#tests/conformance/store/samples.ts";

const priced = { usdPerDeviceHour: 3.6, devices: 1 };

function finished(actionType: Job["actionType"], work: number, deviceSeconds: number): Job {
  return sampleJob("j-1", "j", { actionType, work, deviceSeconds, state: "finished", outcome: "finished" });
}

describe("CostModel", () => {
  it("says that it goes by a prior, and how unsure that is, before any job finished", () => {
    const estimate = new CostModel().estimate({ actionType: "sft", work: 6e9, ...priced });
    expect(estimate.basis).toBe("a prior: no job has finished yet");
    // The tiny model's 80 steps take 1.0–1.7 s on one core, and loading about one.
    expect(estimate.deviceHoursP50 * 3600).toBeCloseTo(2.5, 5);
    expect(estimate.deviceHoursP90 / estimate.deviceHoursP50).toBeCloseTo(8, 5);
    expect(estimate.usdP50).toBeCloseTo(estimate.deviceHoursP50 * 3.6, 12);
  });

  it("takes a GPU to be some hundred times as fast as a core", () => {
    const input = { actionType: "sft", work: 1e15, ...priced } as const;
    const ratio = new CostModel().estimate(input).deviceHoursP50 / new CostModel({ device: "cuda" }).estimate(input).deviceHoursP50;
    expect(ratio).toBeGreaterThan(100);
  });

  it("goes by finished jobs of the type, and gets surer with their number", () => {
    const model = new CostModel();
    const spreads: number[] = [];
    const rng = createRng("cost");
    for (let count = 1; count <= 40; count++) {
      model.learn(finished("sft", 1e12, 100 * Math.exp(0.1 * rng.normal())));
      const { deviceHoursP50, deviceHoursP90 } = model.estimate({ actionType: "sft", work: 1e12, ...priced });
      spreads.push(deviceHoursP90 / deviceHoursP50);
    }
    const estimate = model.estimate({ actionType: "sft", work: 1e12, ...priced });
    expect(estimate.basis).toBe("40 finished sft jobs");
    expect(estimate.deviceHoursP50 * 3600).toBeGreaterThan(95);
    expect(estimate.deviceHoursP50 * 3600).toBeLessThan(105);
    expect(spreads[0]).toBeGreaterThan(1.8);
    expect(spreads[39]).toBeLessThan(1.25);
  });

  it("stays under its p90 nine times of ten once it has learnt", () => {
    const model = new CostModel();
    const rng = createRng("coverage");
    const draw = () => 50 * Math.exp(0.3 * rng.normal());
    for (let count = 0; count < 100; count++) model.learn(finished("dpo", 2e11, draw()));
    const limit = model.estimate({ actionType: "dpo", work: 2e11, ...priced }).deviceHoursP90 * 3600;
    const under = Array.from({ length: 5000 }, draw).filter((seconds) => seconds <= limit).length / 5000;
    expect(under).toBeGreaterThan(0.87);
    expect(under).toBeLessThan(0.94);
  });

  it("uses the machine's speed at other types until the type itself was seen", () => {
    const model = new CostModel();
    for (let count = 0; count < 7; count++) model.learn(finished("sft", 4e12, 100));
    const before = model.estimate({ actionType: "dpo", work: 4e12, ...priced });
    expect(before.basis).toBe("7 finished other jobs, none of them dpo");
    expect(before.deviceHoursP50 * 3600).toBeGreaterThan(200);
    expect(before.deviceHoursP50 * 3600).toBeLessThan(260);
    expect(model.estimate({ actionType: "merge_ties", work: 1e6, ...priced }).basis).toMatch(/^a prior/);
    model.learn(finished("dpo", 4e12, 150));
    expect(model.estimate({ actionType: "dpo", work: 4e12, ...priced }).basis).toBe("1 finished dpo job");
  });

  it("learns nothing from jobs that failed, crashed or measured nothing", () => {
    const model = new CostModel();
    model.learn(sampleJob("j-1", "j"));
    model.learn({ ...finished("sft", 1e9, 10), failure: "diverged" });
    model.learn({ ...finished("sft", 1e9, 10), outcome: "crashed" });
    model.learn(finished("sft", 1e9, 0));
    expect(model.estimate({ actionType: "sft", work: 1e9, ...priced }).basis).toMatch(/^a prior/);
  });

  it("gives finite, ordered estimates that grow with the work, whatever it learnt", () => {
    const job = fc.record({
      work: fc.double({ min: 0, max: 1e18, noNaN: true }),
      seconds: fc.double({ min: 1e-3, max: 1e7, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(job, { maxLength: 30 }),
        fc.double({ min: 0, max: 1e18, noNaN: true }),
        fc.integer({ min: 1, max: 8 }),
        (jobs, work, devices) => {
          const model = new CostModel();
          for (const { work: done, seconds } of jobs) model.learn(finished("sft", done, seconds));
          const small = model.estimate({ actionType: "sft", work, usdPerDeviceHour: 2, devices });
          const large = model.estimate({ actionType: "sft", work: work * 2, usdPerDeviceHour: 2, devices });
          for (const value of Object.values(small)) if (typeof value === "number") expect(Number.isFinite(value)).toBe(true);
          expect(small.deviceHoursP50).toBeGreaterThan(0);
          expect(small.deviceHoursP90).toBeGreaterThanOrEqual(small.deviceHoursP50);
          expect(large.deviceHoursP50).toBeGreaterThanOrEqual(small.deviceHoursP50);
          expect((small.wallSecondsP90 * devices) / (small.deviceHoursP90 * 3600)).toBeCloseTo(1, 9);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("timeLimitSeconds", () => {
  it("is a quarter over the p90, and never under a minute", () => {
    expect(timeLimitSeconds({ ...sampleEstimate, wallSecondsP90: 1000 })).toBe(1250);
    expect(timeLimitSeconds({ ...sampleEstimate, wallSecondsP90: 2 })).toBe(60);
  });
});
