import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { RecordingTerminal } from "../recording-terminal.ts";

const examples = fileURLToPath(new URL("../../../../examples", import.meta.url));
const totals = z.object({
  ok: z.literal(true),
  estimate: z.object({
    types: z.array(z.object({ type: z.string() })),
    total: z.object({ deviceHoursP50: z.number(), deviceHoursP90: z.number() }),
  }),
});

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "temper-paper-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const check = (...parameters: string[]) =>
  new RecordingTerminal({ cwd: examples }).run("check", ...parameters, "--offline", "--sizes", "paper/sizes.yaml", "--home", home);

describe("the paper's experiments at paper scale", () => {
  it.each([
    ["experiment-1", ["sft", "dpo", "merge_ties"]],
    ["experiment-2", ["sft", "dpo", "merge_linear", "merge_ties"]],
  ])("estimates %s in GPU-hours without a network, a GPU or the engine", async (name, types) => {
    const { code, out, err } = await check(`paper/${name}.yaml`, "--json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const { estimate } = totals.parse(JSON.parse(out));
    expect(estimate.types.map(({ type }) => type).toSorted()).toEqual(types.toSorted());
    // 100 trainings of 2.6e9 parameters on some millions of tokens each: days of one GPU, and no year.
    expect(estimate.total.deviceHoursP50).toBeGreaterThan(10);
    expect(estimate.total.deviceHoursP50).toBeLessThan(2000);
    expect(estimate.total.deviceHoursP90).toBeGreaterThan(estimate.total.deviceHoursP50);
  });

  it("says that nothing was read", async () => {
    const { out } = await check("paper/experiment-1.yaml");
    expect(out).toMatch(/no model and no data were read/);
    expect(out).toMatch(/In all about .*device-hours/);
  });

  it("names what the file of sizes does not state", async () => {
    const { code, err } = await check("tool-use.yaml");
    expect(code).toBe(2);
    expect(err).toMatch(/models\.tiny-world:S\/instruct — states no size/);
  });
});
