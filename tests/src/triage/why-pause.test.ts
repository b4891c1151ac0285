import { describe, expect, it } from "vitest";
import { whyPause, type TypeResult } from "#src/triage/why-pause.ts";

const result = (trial: number, failure: string | null, times = 1): TypeResult => ({ trial, failure, times });

describe("whyPause", () => {
  it("pauses when one trial failed twice in the same way", () => {
    expect(whyPause([result(3, "out_of_memory", 2)])).toEqual({ failure: "out_of_memory", trials: [3] });
  });

  it("pauses when two trials in a row failed in the same way", () => {
    expect(whyPause([result(5, "bad_data"), result(3, "bad_data"), result(2, null)])).toEqual({ failure: "bad_data", trials: [3, 5] });
  });

  it("does not pause after one failure, two different ones, or a success in between", () => {
    expect(whyPause([result(1, "out_of_memory")])).toBeNull();
    expect(whyPause([result(2, "out_of_memory"), result(1, "bad_data")])).toBeNull();
    expect(whyPause([result(3, "out_of_memory"), result(2, null), result(1, "out_of_memory")])).toBeNull();
    expect(whyPause([])).toBeNull();
  });

  it("takes a training that diverges for a finding, until five in a row do", () => {
    const diverged = [5, 4, 3, 2, 1].map((trial) => result(trial, "diverged", 1));
    expect(whyPause(diverged.slice(0, 4))).toBeNull();
    expect(whyPause(diverged)).toEqual({ failure: "diverged", trials: [1, 2, 3, 4, 5] });
  });

  it.each(["cancelled", "disk_full", "internal_error"])("blames no action type for %s", (failure) => {
    expect(whyPause([result(2, failure, 2), result(1, failure)])).toBeNull();
  });
});
