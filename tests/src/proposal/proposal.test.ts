import { describe, expect, it } from "vitest";
import type { Person } from "#src/approval/person.ts";
import type { Role } from "#src/approval/role.ts";
import { decideProposal } from "#src/proposal/decide-proposal.ts";
import { expireProposals } from "#src/proposal/expire-proposals.ts";
import { propose } from "#src/proposal/propose.ts";
import { proposeBudget } from "#src/proposal/propose-budget.ts";
import { proposeForget } from "#src/proposal/propose-forget.ts";
import { proposeStanding } from "#src/proposal/propose-standing.ts";
import { proposeSteer } from "#src/proposal/propose-steer.ts";
import { useSqliteStore } from "../store/use-sqlite-store.ts";

const someone = (role: Role, id = "7", name = "ana"): Person => ({ platform: "discord", id, name, role });
const ana = someone("operator");
const ben = someone("approver", "8", "ben");

describe("proposals", () => {
  const state = useSqliteStore();
  const now = () => state.clock.now;
  const kinds = async () => (await state.store.events.list(state.run.id)).map((event) => event.kind);
  const decide = (id: string, to: "confirmed" | "cancelled", person: Person) => decideProposal(state.store, { id, to, person, now: now() });
  const budget = (change: Record<string, number | null>) => {
    const caps = { trials: 100, device_hours: 8, usd_per_device_hour: 0 };
    return proposeBudget(state.store, state.run, { change, caps, person: ana, now: now() });
  };
  const steer = (text = "prefer dpo") => proposeSteer(state.store, state.run, { text, person: ana, now: now() });

  it("changes nothing before a wish is confirmed, and names its author then", async () => {
    const { id } = await steer();
    expect(await state.store.directives.list(state.run.id)).toEqual([]);
    expect(await decide(id, "confirmed", ben)).toMatchObject({
      state: "confirmed",
      decidedBy: "ben",
      outcome: "wish 1 holds from the next decision on",
    });
    expect(await state.store.directives.list(state.run.id)).toMatchObject([{ author: "ana", body: { kind: "prefer", actionType: "dpo" } }]);
    expect(await kinds()).toEqual(["proposal-make", "directive-add", "proposal-decide"]);
  });

  it("asks about no wish that leaves no task a weight", async () => {
    await expect(steer("math x0")).rejects.toThrow("No task of three-skills would have a weight left.");
    expect(await kinds()).toEqual([]);
  });

  it("decides once and tells the second who was first", async () => {
    const { id } = await steer();
    const both = await Promise.allSettled([decide(id, "confirmed", ben), decide(id, "cancelled", ana)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    await expect(decide(id, "confirmed", ben)).rejects.toThrow(/^Proposal p1 was (confirmed by ben|cancelled by ana) at 2026-01-02/);
  });

  it("does nothing once the time is up", async () => {
    const { id } = await steer();
    state.clock.now = new Date("2026-01-03T03:04:05.000Z");
    await expect(decide(id, "confirmed", ben)).rejects.toThrow("Proposal p1 expired at 2026-01-03T03:04:05.000Z");
    expect((await expireProposals(state.store, now())).map((proposal) => proposal.state)).toEqual(["expired"]);
    expect(await expireProposals(state.store, now())).toEqual([]);
    await expect(decide(id, "confirmed", ben)).rejects.toThrow("Proposal p1 expired. Ask for it again.");
    expect(await state.store.directives.list(state.run.id)).toEqual([]);
  });

  it("lets viewers neither ask nor confirm, and whoever asked take it back", async () => {
    const { id } = await steer();
    await expect(
      propose(state.store, { runId: null, body: { kind: "control", to: "stop" }, person: someone("viewer"), now: now() }),
    ).rejects.toThrow("ana is viewer");
    await expect(decide(id, "confirmed", someone("viewer", "9", "cy"))).rejects.toMatchObject({ code: "not_allowed" });
    await expect(decide(id, "cancelled", someone("viewer", "9", "cy"))).rejects.toMatchObject({ code: "not_allowed" });
    expect(await decide(id, "cancelled", someone("viewer"))).toMatchObject({ state: "cancelled" });
  });

  it("leaves a wider budget and a yes beforehand to approvers", async () => {
    const ask = { caps: { trials: 100, usd_per_device_hour: 0 }, person: ana, now: now() };
    const narrow = await proposeBudget(state.store, state.run, { ...ask, change: { trials: 20 } });
    const wide = await proposeBudget(state.store, state.run, { ...ask, change: { trials: 60 } });
    const standing = await proposeStanding(state.store, state.run, { text: "sft up to 5 hours until 2026-02-01", person: ana, now: now() });
    await expect(decide(wide.id, "confirmed", ana)).rejects.toThrow("it takes the role approver");
    await expect(decide(standing.id, "confirmed", ana)).rejects.toThrow("it takes the role approver");
    await decide(narrow.id, "confirmed", ana);
    expect((await state.store.runs.find(state.run.id))?.config.budget.trials).toBe(20);
    expect(await decide(wide.id, "confirmed", ben)).toMatchObject({ outcome: "trials 20 → 60" });
    await decide(standing.id, "confirmed", ben);
    expect(await state.store.standingApprovals.list(state.run.id)).toMatchObject([{ actionType: "sft", deviceHours: 5, author: "ben" }]);
  });

  it("refuses a budget over the owner's caps, and one that makes no sense", async () => {
    await expect(budget({ trials: 101 })).rejects.toThrow("budget.trials: 101 is above the owner's limit of 100");
    await expect(budget({ device_hours: null })).rejects.toThrow("budget.device_hours: no limit is above the owner's limit of 8");
    await expect(budget({ trials: -1 })).rejects.toThrow(/budget\.trials/);
    await expect(budget({})).rejects.toThrow("Say what to change");
  });

  it("takes a wish back", async () => {
    await decide((await steer()).id, "confirmed", ana);
    const { id } = await proposeForget(state.store, state.run, { directive: 1, person: ana, now: now() });
    await decide(id, "confirmed", ana);
    expect((await state.store.directives.list(state.run.id))[0]?.revokedAt).not.toBeNull();
    await expect(proposeForget(state.store, state.run, { directive: 1, person: ana, now: now() })).rejects.toThrow("No wish 1 holds");
  });

  it("pauses and stops a run, and undoes all of it when that cannot be", async () => {
    const ask = (to: "pause" | "stop") =>
      propose(state.store, { runId: state.run.id, body: { kind: "control", to }, person: ana, now: now() });
    const pauses = [await ask("pause"), await ask("pause")];
    await decide(pauses[0]?.id ?? "", "confirmed", ana);
    await expect(decide(pauses[1]?.id ?? "", "confirmed", ana)).rejects.toThrow("three-skills is paused");
    expect((await state.store.proposals.find("p2"))?.state).toBe("pending");
    await decide((await ask("stop")).id, "confirmed", ana);
    expect((await state.store.runs.find(state.run.id))?.state).toBe("stopping");
  });
});
