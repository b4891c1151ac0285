import { afterEach, describe, expect, it } from "vitest";
import { actionTypes } from "#src/action/action-types.ts";
import type { Person } from "#src/approval/person.ts";
import { requestApproval } from "#src/approval/request-approval.ts";
import { approvalCard } from "#src/card/approval-card.ts";
import { admit } from "#src/budget/admission.ts";
import { editApproval } from "#src/service/edit-approval.ts";
import { addStanding, parseStanding, revokeStanding } from "#src/service/standing-approval.ts";
import { madeModel } from "#tests/fixtures/pool-objects.ts";
import { openScriptedWorld, type ScriptedWorld } from "#tests/graphs/scripted-world.ts";

// The database decides by its own clock whether a question is too old.
const now = new Date();
const estimate = { deviceHoursP50: 2, deviceHoursP90: 3, usdP50: 0, usdP90: 0, wallSecondsP90: 10_800, basis: "test" };

const sftSetting = actionTypes.sft.settingSchema.parse({ max_steps: 80 });

let world: ScriptedWorld;
afterEach(() => world.close());

/** A run with a chosen trial that waits for people. */
async function waitingTrial(approval: object = {}) {
  world = await openScriptedWorld({ approval: { over: { device_hours: 1 }, ...approval }, budget: { trials: 5, device_hours: 20 } });
  const { store, run } = world;
  const trial = await store.trials.create({
    runId: run.id,
    kind: "chosen",
    label: null,
    key: "k1",
    lane: null,
    action: { type: "sft", models: ["m0"], datasets: ["math"], setting: { ...sftSetting }, seed: 0, fidelity: { data: 1, steps: 1 } },
  });
  if (trial === null) throw new Error("the key was taken");
  await store.trials.update(run.id, trial.number, { state: "waiting" });
  const question = await requestApproval(
    store,
    { runId: run.id, trial: trial.number, batch: null, key: "k1", estimate, why: "over 1 device-hour" },
    now,
  );
  return { store, run, trial, question };
}

const admission = (trial: number) => ({ run: world.run.id, trial, batch: null, key: "k1", estimate, now });

describe("yeses given beforehand", () => {
  it("let jobs of their kind start up to their amount, until they are taken back", async () => {
    const { store, run, trial, question } = await waitingTrial();
    await store.approvals.decide(question.id, "k1", "cancelled", "test", null);
    const ask = async () => (await admit(store, admission(trial.number))).verdict;
    expect(await ask()).toBe("ask");
    const wish = parseStanding("SFT up to 5 GPU-hours until 2099-04-01", run, now);
    await expect(addStanding(store, run, { wish, by: "otto", role: "operator" })).rejects.toThrow("may not approve beforehand");
    const standing = await addStanding(store, run, { wish, by: "anna", role: "approver" });
    expect(await admit(store, admission(trial.number))).toEqual({ verdict: "admitted", approvalId: standing.id });
    expect((await admit(store, { ...admission(trial.number), now: new Date("2099-04-02") })).verdict).toBe("ask");
    expect((await admit(store, { ...admission(trial.number), estimate: { ...estimate, deviceHoursP90: 6 } })).verdict).toBe("ask");
    await revokeStanding(store, run, { id: "s1", by: "anna", role: "approver" });
    expect(await ask()).toBe("ask");
  });

  it("cover neither other kinds nor what two people have to approve", async () => {
    const { store, run, trial, question } = await waitingTrial({ two_approvers_over: { device_hours: 2 } });
    await store.approvals.decide(question.id, "k1", "cancelled", "test", null);
    for (const text of ["merge up to 50 hours until 2099-04-01", "everything up to 50 hours until 2099-04-01"])
      await addStanding(store, run, { wish: parseStanding(text, run, now), by: "anna", role: "approver" });
    expect((await admit(store, admission(trial.number))).verdict).toBe("ask");
  });

  it("answer the open questions that they cover at once, on record, and no others", async () => {
    const { store, run, question } = await waitingTrial();
    const give = (text: string) => addStanding(store, run, { wish: parseStanding(text, run, now), by: "anna", role: "approver" });
    expect((await give("merge up to 50 hours until 2099-04-01")).answered).toEqual([]);
    expect((await give("sft up to 2 hours until 2099-04-01")).answered).toEqual([]);
    expect((await store.approvals.find(question.id))?.state).toBe("pending");
    const standing = await give("approve all sft up to 5 hours until 2099-04-01");
    expect(standing.answered.map(({ id }) => id)).toEqual([question.id]);
    expect(await store.approvals.find(question.id)).toMatchObject({
      state: "cancelled",
      decidedBy: "anna",
      reason: `answered beforehand, by ${standing.id}`,
    });
    expect((await world.events("approval-decide")).at(-1)).toBe(
      `(1) anna's yes beforehand (${standing.id}) answers ${question.id} for trial 1.`,
    );
    expect(await admit(store, admission(1))).toEqual({ verdict: "admitted", approvalId: standing.id });
    const card = await approvalCard(store, run, (await store.approvals.find(question.id)) ?? question);
    expect(card.outcome).toMatch(/^Approved by anna, .* UTC: answered beforehand, by scripted\.1-s3\.$/);
  });

  it("reach no further than their amount when several questions are open", async () => {
    const { store, run, question } = await waitingTrial();
    const { action } = (await store.trials.find(run.id, 1)) ?? { action: null };
    if (action === null) throw new Error("no trial");
    await store.trials.create({
      runId: run.id,
      kind: "chosen",
      label: null,
      key: "k2",
      lane: null,
      action: { ...action, datasets: ["trivia"] },
    });
    await requestApproval(store, { runId: run.id, trial: 2, batch: null, key: "k2", estimate, why: "over 1 device-hour" }, now);
    const wish = parseStanding("everything up to 5 hours until 2099-04-01", run, now);
    expect((await addStanding(store, run, { wish, by: "anna", role: "approver" })).answered.map(({ id }) => id)).toEqual([question.id]);
    expect(await store.approvals.list(run.id, "pending")).toHaveLength(1);
  });

  it.each([
    ["sft", "no standing approval that I can read"],
    ["sfd up to 5 hours until 2099-04-01", 'has no action type "sfd"'],
    ["sft up to 0 hours until 2099-04-01", "no amount of device-hours"],
    ["sft up to 5 hours until 2020-01-01", "no time that is still to come"],
  ])("are refused as %j", async (text, message) => {
    world = await openScriptedWorld();
    expect(() => parseStanding(text, world.run, now)).toThrow(message);
  });
});

const edit = (id: string, changes: Record<string, string>, role: Person["role"] = "approver", key = "k1") => ({
  id,
  key,
  changes,
  by: "anna",
  role,
});

describe("a changed action", () => {
  it("gets a key of its own, and the old question is taken back", async () => {
    const { store, run, trial, question } = await waitingTrial();
    const changed = await editApproval(store, run, edit(question.id, { max_steps: "40", learning_rate: "1e-5" }));
    expect(changed.key).not.toBe("k1");
    expect(changed.action.setting).toMatchObject({ max_steps: 40, learning_rate: 1e-5 });
    expect(await store.trials.find(run.id, trial.number)).toMatchObject({ key: changed.key, state: "waiting" });
    expect(await store.approvals.find(question.id)).toMatchObject({ state: "cancelled", decidedBy: "anna" });
    // The old yes-or-no says nothing of the changed action.
    expect((await admit(store, { run: run.id, trial: trial.number, batch: null, key: changed.key, estimate, now })).verdict).toBe("ask");
  });

  it("may be made of other datasets, where the space holds that", async () => {
    const { store, run, trial, question } = await waitingTrial();
    const changed = await editApproval(store, run, { ...edit(question.id, {}), datasets: ["trivia", "common"] });
    expect(changed.action).toMatchObject({ models: ["m0"], datasets: ["common", "trivia"] });
    expect((await store.trials.find(run.id, trial.number))?.action.datasets).toEqual(["common", "trivia"]);
    expect((await world.events("approval-edit"))[0]).toMatch(/SFT of m0 on math, 80 steps → SFT of m0 on common and trivia, 80 steps/);
  });

  it("may merge other parents, with other weights", async () => {
    const { store, run } = await waitingTrial();
    for (const id of ["m1", "m2", "m3"]) await store.objects.add(run.id, madeModel(id, { compatibility: "same" }));
    const setting = actionTypes.merge_linear.settingSchema.parse({});
    const merge = {
      type: "merge_linear",
      models: ["m1", "m2"],
      datasets: [],
      setting: { ...setting },
      seed: 0,
      fidelity: { data: 1, steps: 1 },
    } as const;
    await store.trials.create({
      runId: run.id,
      kind: "chosen",
      label: null,
      key: "k2",
      lane: null,
      action: { ...merge, models: ["m1", "m2"], datasets: [] },
    });
    const { id } = await requestApproval(store, { runId: run.id, trial: 2, batch: null, key: "k2", estimate, why: "dear" }, now);
    const ask = (models: string[], changes: Record<string, string> = {}) =>
      editApproval(store, run, { ...edit(id, changes, "approver", "k2"), models });
    await expect(ask(["m1", "m1"])).rejects.toThrow("m1 is there twice");
    await expect(ask(["m1", "m9"])).rejects.toThrow('there is no model "m9" in the pool');
    await expect(ask(["m1", "m3"], { weights: "0.3, 0.3, 0.4" })).rejects.toThrow("3 weights for 2 models");
    expect((await ask(["m1", "m3"], { weights: "0.3, 0.7" })).action).toMatchObject({
      models: ["m1", "m3"],
      setting: { weights: [0.3, 0.7] },
    });
  });

  it.each([
    [["gsm8k"], 'there is no dataset "gsm8k"'],
    [["math", "math"], "takes each dataset once"],
    [[], "takes 1 to 3 datasets, not 0"],
    [["noisy"], "noisy is banned here"],
  ])("is refused on the datasets %j, with the reason", async (datasets, message) => {
    const { store, run, question } = await waitingTrial();
    await store.directives.add(run.id, { author: "ann", text: "no noisy", body: { kind: "ban", object: "noisy" } });
    await expect(editApproval(store, run, { ...edit(question.id, {}), datasets })).rejects.toThrow(message);
    expect((await store.approvals.find(question.id))?.state).toBe("pending");
  });

  it.each([
    [{ max_stps: "40" }, "approver", 'no setting "max_stps"'],
    [{ max_steps: "many" }, "approver", "max_steps"],
    [{ max_steps: "80" }, "operator", "may not change approval"],
  ] as const)("is refused as %j by an %s", async (changes, role, message) => {
    const { store, run, question } = await waitingTrial();
    await expect(editApproval(store, run, edit(question.id, changes, role))).rejects.toThrow(message);
    expect((await store.approvals.find(question.id))?.state).toBe("pending");
  });

  it("is refused by an old card", async () => {
    const { store, run, question } = await waitingTrial();
    await expect(editApproval(store, run, edit(question.id, { max_steps: "40" }, "approver", "k0"))).rejects.toThrow(
      "something else than what was shown",
    );
  });
});
