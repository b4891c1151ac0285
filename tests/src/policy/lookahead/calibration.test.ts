import { describe, expect, it } from "vitest";
import { Calibration } from "#src/policy/lookahead/calibration.ts";
import { createRng } from "#src/policy/rng.ts";

describe("Calibration", () => {
  it("trusts intervals until outcomes speak", () => {
    const calibration = new Calibration();
    expect(calibration.factor).toBe(1);
    calibration.add(0.1, 0);
    expect(calibration.factor).toBe(1);
  });

  it.each([0.5, 1, 2])("finds that deviations are off by the factor %f", (truth) => {
    const calibration = new Calibration();
    const rng = createRng("calibration", truth);
    for (let trial = 0; trial < 400; trial++) calibration.add(truth * 0.1 * rng.normal(), 0.1);
    expect(calibration.factor / truth).toBeGreaterThan(0.65);
    expect(calibration.factor / truth).toBeLessThan(1.5);
  });

  it("neither closes an interval nor opens it without end", () => {
    const calibration = new Calibration();
    for (let trial = 0; trial < 200; trial++) calibration.add(0, 0.1);
    expect(calibration.factor).toBe(0.35);
    for (let trial = 0; trial < 200; trial++) calibration.add(5, 0.1);
    expect(calibration.factor).toBe(3);
  });
});
