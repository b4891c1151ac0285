import { describe, expect, it } from "vitest";
import { decideNext, type PastTry } from "#src/triage/decide-next.ts";

const failed = (failure: string, gotFurther = false): PastTry => ({ failure, detail: "it says so.", gotFurther });

describe("decideNext", () => {
  it("starts a job that was never tried, or that ended well", () => {
    expect(decideNext([])).toEqual({ kind: "start" });
    expect(decideNext([failed("lost"), { failure: null, detail: "", gotFurther: false }])).toEqual({ kind: "start" });
  });

  it.each([
    ["lost", "again"],
    ["crashed", "again"],
    ["bad_reply", "again"],
    ["out_of_memory", "halve-batch"],
    ["timeout", "ask"],
  ])("answers %s once with %s, and gives up the second time", (failure, kind) => {
    const first = decideNext([failed(failure)]);
    expect(first).toMatchObject({ kind, why: expect.stringContaining(`${failure.replaceAll("_", " ")} (it says so)`) });
    expect(decideNext([failed(failure), failed(failure)])).toEqual({ kind: "give-up" });
  });

  it.each(["diverged", "bad_data", "bad_model", "did_not_fit", "disk_full", "no_permission", "cancelled"])(
    "never tries %s again",
    (failure) => {
      expect(decideNext([failed(failure)])).toEqual({ kind: "give-up" });
    },
  );

  it("answers each error in its own way, also in turn", () => {
    const history = [failed("lost"), failed("out_of_memory"), failed("timeout")];
    expect(history.map((_, index) => decideNext(history.slice(0, index + 1)).kind)).toEqual(["again", "halve-batch", "ask"]);
    expect(decideNext([...history, failed("lost")])).toEqual({ kind: "give-up" });
  });

  it("lets a preempted job go on as long as each try gets further, up to a limit", () => {
    const preempted = (times: number) => Array.from({ length: times }, () => failed("lost", true));
    expect(decideNext(preempted(20))).toMatchObject({ kind: "again", why: expect.stringContaining("time 20 of at most 20") });
    expect(decideNext([...preempted(5), failed("lost")]).kind).toBe("again");
    expect(decideNext([...preempted(5), failed("lost"), failed("lost")])).toEqual({ kind: "give-up" });
    expect(decideNext([failed("timeout", true), failed("timeout", true)])).toEqual({ kind: "give-up" });
  });
});
