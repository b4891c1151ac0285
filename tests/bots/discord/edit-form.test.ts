import { afterEach, describe, expect, it } from "vitest";
import { formatSettings, readIds, readSettings } from "#bots/discord/interactions/settings-text.ts";
import { StoreCards } from "#bots/discord/store-cards.ts";
import type { Person } from "#src/approval/person.ts";
import { requestApproval } from "#src/approval/request-approval.ts";
import { sampleEstimate } from "#tests/conformance/store/samples.ts";
import { anAction, RecordedRun } from "#tests/fixtures/recorded-run.ts";

let recorded: RecordedRun | null = null;
afterEach(async () => {
  await recorded?.close();
  recorded = null;
});

const ann: Person = { platform: "discord", id: "7", name: "ann", role: "approver" };
const now = () => new Date("2026-01-01T12:00:00.000Z");

describe("the form of Edit", () => {
  it("asks for settings and objects, and changes what was filled in", async () => {
    recorded = await RecordedRun.open();
    const { store, run } = recorded;
    const trial = await recorded.select(anAction("sft", ["m0"], ["math"], { max_steps: 80 }));
    const key = (await store.trials.find(run.id, trial))?.key ?? "";
    const { id } = await requestApproval(store, { runId: run.id, trial, batch: null, key, estimate: sampleEstimate, why: "dear" }, now());
    const cards = new StoreCards({ store, now, replan: () => Promise.reject(new Error("nothing is planned here")) });
    const { fields } = await cards.form({ action: "edit", subject: id, key }, ann);
    expect(fields.map(({ name, value }) => [name, value])).toEqual([
      ["settings", expect.stringContaining("max_steps: 80")],
      ["models", "m0"],
      ["datasets", "math"],
    ]);
    const settings = fields[0]?.value ?? "";
    await expect(cards.perform({ action: "edit", subject: id, key }, ann, { settings, models: "m0", datasets: "prefs" })).rejects.toThrow(
      /prefs/,
    );
    await cards.perform({ action: "edit", subject: id, key }, ann, { settings, models: "m0", datasets: "common, math" });
    expect((await store.trials.find(run.id, trial))?.action.datasets).toEqual(["common", "math"]);
    expect((await store.approvals.find(id))?.state).toBe("cancelled");
  });

  it("writes lists of numbers so that they are read back", () => {
    const setting = { weights: [0.3, 0.7], density: 0.5 };
    expect(formatSettings(setting)).toBe("weights: 0.3, 0.7\ndensity: 0.5");
    expect(readSettings(formatSettings(setting), setting)).toEqual({});
    expect(readSettings("weights: 0.2, 0.8\ndensity: 0.5", setting)).toEqual({ weights: "0.2, 0.8" });
  });

  it.each([
    [undefined, undefined],
    ["m1, m2", undefined],
    ["m1 m3", ["m1", "m3"]],
    ["", []],
  ])("reads the ids in %j", (text, ids) => {
    expect(readIds(text, ["m1", "m2"])).toEqual(ids);
  });
});
