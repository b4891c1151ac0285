import { describe, expect, it } from "vitest";
import { contractSchemas } from "#tools/contract/schemas.ts";
import { findSchemaDrift } from "#tools/contract/write-schemas.ts";

describe("contract schemas", () => {
  it("stand in gpu-scripts as zod has them (else: node tools/contract/write-schemas.ts)", async () => {
    expect(await findSchemaDrift()).toEqual([]);
  });

  it.each(["a-1", "0123abcd-12", "prepare-3"])("takes %s as an attempt id", (id) => {
    expect(contractSchemas["job.request"].shape.attempt.safeParse(id).success).toBe(true);
  });

  it.each(["a", "A-1", "a_1", "a-", "../a-1", "a--1", ""])("refuses %j as an attempt id", (id) => {
    expect(contractSchemas["job.request"].shape.attempt.safeParse(id).success).toBe(false);
  });
});
