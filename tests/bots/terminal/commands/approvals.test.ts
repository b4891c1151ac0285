import { afterEach, describe, expect, it } from "vitest";
import { openScriptedPlace, type ScriptedPlace } from "../scripted-place.ts";

/** Trainings so long that each has to be asked about; evaluating the base is under the threshold. */
const asks = {
  actions: { sft: { max_steps: [2_000_000, 1_000_000] } },
  baselines: false,
  approval: { over: { device_hours: 0.0025 } },
  budget: { trials: 2 },
};
let place: ScriptedPlace;
afterEach(() => place.remove());

const pending = () => place.store.approvals.list(place.run.id, "pending");

describe("approvals at the terminal", () => {
  it("exits with 3 off a terminal when only approvals are left to wait for, and goes on when they were given", async () => {
    place = await openScriptedPlace(asks);
    const terminal = place.terminal();
    const first = await terminal.run("start", "temper.yaml");
    expect(first.code).toBe(3);
    expect(first.out).toMatch(/approvals? (is|are) waited for: temper approve \(or reject\), then temper start temper\.yaml/);
    expect((await pending()).length).toBeGreaterThan(0);

    expect((await terminal.run("status")).out).toMatch(/Waiting {3}.* \(trial 1\): .* of device time .*\. Answer with: temper approve /);
    const approved = await terminal.run("approve", "--all");
    expect(approved).toMatchObject({ code: 0, out: expect.stringMatching(/\(trial 1\) is approved\./) });
    expect(await terminal.run("start", "temper.yaml")).toMatchObject({ code: 0, out: expect.stringContaining("Found: m") });
    expect(await pending()).toEqual([]);
  });

  it("starts what was approved beforehand without a question, lists it, and takes it back", async () => {
    place = await openScriptedPlace(asks);
    const terminal = place.terminal();
    expect((await terminal.run("approve", "--standing", "sft up to many hours until 2999-01-01")).code).toBe(2);
    expect(await terminal.run("approve", "--standing", "sft up to 50 device-hours until 2999-01-01")).toMatchObject({
      code: 0,
      out: expect.stringContaining(`Approved beforehand as ${place.run.id}-s1: sft up to 50.0 device-hours until 2999-01-01`),
    });
    expect(await terminal.run("start", "temper.yaml")).toMatchObject({ code: 0 });
    expect(await place.store.approvals.list(place.run.id)).toEqual([]);
    expect((await terminal.run("approve", "--list-standing")).out).toMatch(/-s1 .*sft up to .* holds/);
    expect((await terminal.run("approve", "--revoke", "s1")).code).toBe(0);
    expect((await terminal.run("approve", "--list-standing")).out).toMatch(/taken back/);
  });

  it("shows each card and asks, and remembers why something was rejected", async () => {
    place = await openScriptedPlace(asks);
    await place.terminal().run("start", "temper.yaml");
    const count = (await pending()).length;
    const person = place.terminal({ answers: ["n", "too long", ...Array.from({ length: count - 1 }, () => "y")] });
    const { code, out } = await person.run("approve");
    expect(out).toMatch(/Approve\? {2}run scripted · trial 1 · .*\n {2}SFT of m0 on /);
    expect(out).toContain("Why:   ");
    expect(out).toMatch(/Asked because up to .*, over 9\.0 device-seconds\. Expires in 1\d h/);
    expect(code).toBe(0);
    const decided = await place.store.approvals.list(place.run.id, "rejected");
    expect(decided).toMatchObject([{ trial: 1, reason: "too long" }]);
  });

  it("refuses to decide what is decided, saying by whom", async () => {
    place = await openScriptedPlace(asks);
    const terminal = place.terminal();
    await terminal.run("start", "temper.yaml");
    await terminal.run("reject", "1", "--reason", "not now");
    expect(await terminal.run("approve", "1")).toMatchObject({ code: 1, err: expect.stringMatching(/was rejected by \w+/) });
    expect(await terminal.run("approve", "77")).toMatchObject({ code: 2, err: expect.stringContaining('no approval "77"') });
  });

  it("asks inside a live run and goes on with the answer", async () => {
    place = await openScriptedPlace(asks);
    const person = place.terminal({ answers: ["y", "y", "y", "y"] });
    const { code, out } = await person.run("start", "temper.yaml");
    expect(out).toContain("Approved.");
    expect(out).toContain("Found: m");
    expect(code).toBe(0);
  });
});
