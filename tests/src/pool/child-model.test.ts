import { describe, expect, it } from "vitest";
import { actionTypes } from "#src/action/action-types.ts";
import { childModel } from "#src/pool/child-model.ts";
import { baseModel, madeModel } from "#tests/fixtures/pool-objects.ts";

const made = { id: "m9", key: "k9", trial: 4, type: "sft", path: "/models/k9", form: "full" } as const;

describe("childModel", () => {
  it("takes base, architecture and size from its parent, one deeper", () => {
    const child = childModel({ ...made, parents: [madeModel("m1", { depth: 2, parameters: 7 })] });
    expect(child).toMatchObject({ base: "m0", depth: 3, compatibility: "tiny", parameters: 7, parents: ["m1"], name: null, trial: 4 });
  });

  it("descends from the base itself", () => {
    expect(childModel({ ...made, parents: [baseModel("m0", { base: null })] })).toMatchObject({ base: "m0", depth: 1 });
  });

  it("keeps a base that all parents share, also when the base is one of them, and none otherwise", () => {
    expect(childModel({ ...made, parents: [madeModel("m1"), madeModel("m2", { depth: 4 })] })).toMatchObject({ base: "m0", depth: 5 });
    expect(childModel({ ...made, parents: [baseModel("m0"), madeModel("m2")] }).base).toBe("m0");
    expect(childModel({ ...made, parents: [madeModel("m1"), madeModel("m2", { base: "m5" })] }).base).toBeNull();
    expect(childModel({ ...made, parents: [madeModel("m1", { base: null }), madeModel("m2", { base: null })] }).base).toBeNull();
  });

  it("remembers a DARE merge for all that come after it", () => {
    const merged = childModel({ ...made, type: "merge_dare_ties", parents: [madeModel("m1"), madeModel("m2")] });
    expect(merged.hasDare).toBe(true);
    expect(childModel({ ...made, id: "m10", parents: [merged] }).hasDare).toBe(true);
    expect(childModel({ ...made, parents: [madeModel("m1")] }).hasDare).toBeUndefined();
    const again = actionTypes.merge_dare_ties.validate([madeModel("m1"), merged], { density: 0.5 });
    expect(again).toMatchObject({ valid: false, reason: expect.stringContaining("m9 has a DARE merge behind it") });
    expect(actionTypes.merge_dare_ties.parentGroup?.(merged)).toBeNull();
    expect(actionTypes.merge_ties.parentGroup?.(merged)).not.toBeNull();
  });

  it("refuses a child without parents", () => {
    expect(() => childModel({ ...made, parents: [] })).toThrow("m9 has no parents");
  });
});
