import { describe, expect, it } from "vitest";
import { requestApproval } from "#src/approval/request-approval.ts";
import { decide } from "#src/service/decide.ts";
import { findRun } from "#src/service/find-run.ts";
import { listRuns } from "#src/service/list-runs.ts";
import { pauseRun } from "#src/service/pause-run.ts";
import { resumeRun } from "#src/service/resume-run.ts";
import { stopRun } from "#src/service/stop-run.ts";
import { tailEvents } from "#src/service/tail-events.ts";
import { sampleEstimate, sampleRun } from "#tests/conformance/store/samples.ts";
import { useSqliteStore } from "../store/use-sqlite-store.ts";

const author = "ana";

describe("control of a run", () => {
  const state = useSqliteStore();
  const stateOf = async () => (await state.store.runs.find(state.run.id))?.state;
  const append = (text: string) => state.store.events.append({ runId: state.run.id, kind: "x", actor: "x", trial: null, text, fields: {} });
  const request = (trial: number | null, batch: string | null, key: string) =>
    requestApproval(state.store, { runId: state.run.id, trial, batch, key, estimate: sampleEstimate, why: "dear" }, state.clock.now);

  it("pauses and resumes, tells the conductor, and writes both down", async () => {
    await pauseRun(state.store, state.run, { author });
    expect(await stateOf()).toBe("paused");
    await resumeRun(state.store, state.run, { author });
    expect(await stateOf()).toBe("running");
    expect((await state.store.commands.take(state.run.id)).map((command) => [command.kind, command.author])).toEqual([
      ["pause", "ana"],
      ["resume", "ana"],
    ]);
    expect((await state.store.events.list(state.run.id)).map((event) => [event.kind, event.text])).toEqual([
      ["run-pause", "paused by ana"],
      ["run-resume", "resumed by ana"],
    ]);
  });

  it("refuses what makes no sense in the run's state, and changes nothing", async () => {
    await expect(resumeRun(state.store, state.run, { author })).rejects.toThrow(
      "three-skills is running: only a run that is paused, stopping, stopped or failed can be resumed.",
    );
    await state.store.runs.setState(state.run.id, ["running"], "finished", "done");
    await expect(pauseRun(state.store, state.run, { author })).rejects.toMatchObject({ code: "conflict" });
    await expect(stopRun(state.store, state.run, { author, now: true })).rejects.toMatchObject({ code: "conflict" });
    expect(await state.store.events.list(state.run.id)).toEqual([]);
    expect(await state.store.commands.take(state.run.id)).toEqual([]);
  });

  it.each([
    [false, "stop"],
    [true, "stop-now"],
  ] as const)("stops with now = %s, and takes open questions back", async (now, kind) => {
    await request(1, null, "k1");
    await stopRun(state.store, state.run, { author, now });
    expect(await stateOf()).toBe("stopping");
    expect((await state.store.commands.take(state.run.id)).map((command) => command.kind)).toEqual([kind]);
    expect(await state.store.approvals.list(state.run.id, "cancelled")).toMatchObject([{ trial: 1, reason: "the run was stopped" }]);
  });

  it("lets a drain be followed by a stop at once", async () => {
    await stopRun(state.store, state.run, { author, now: false });
    await stopRun(state.store, state.run, { author, now: true });
    expect((await state.store.commands.take(state.run.id)).map((command) => command.kind)).toEqual(["stop", "stop-now"]);
  });

  it("decides the only question without its name, and asks which one when there are more", async () => {
    const answer = { to: "approved", by: "ana", role: "owner", reason: null } as const;
    await expect(decide(state.store, state.run, answer)).rejects.toThrow("Nothing waits for an approval in three-skills.");
    await request(1, null, "k1");
    expect(await decide(state.store, state.run, answer)).toMatchObject({ trial: 1, state: "approved" });
    await request(2, null, "k2");
    await request(null, "baselines", "k3");
    await expect(decide(state.store, state.run, answer)).rejects.toThrow(
      "2 approvals wait in three-skills: three-skills.1-a2, three-skills.1-a3.",
    );
  });

  it.each(["three-skills.1-a1", "a1", "4", "trial 4", "#4"])("finds an approval by %s", async (which) => {
    await request(4, null, "k4");
    await request(null, "baselines", "k5");
    const decided = await decide(state.store, state.run, { which, to: "rejected", by: "ana", role: "approver", reason: "no" });
    expect(decided).toMatchObject({ id: "three-skills.1-a1", state: "rejected" });
  });

  it("finds an approval by its batch, and says what waits when the name is unknown", async () => {
    await request(null, "baselines", "k5");
    const answer = { to: "approved", by: "ana", role: "owner", reason: null } as const;
    await expect(decide(state.store, state.run, { which: "a9", ...answer })).rejects.toThrow(
      'three-skills has no approval "a9". Waiting: three-skills.1-a1.',
    );
    expect(await decide(state.store, state.run, { which: "baselines", ...answer })).toMatchObject({ batch: "baselines" });
  });

  it("finds a run by name, and helps with a wrong one", async () => {
    expect((await findRun(state.store, "three-skills")).id).toBe("three-skills.1");
    await expect(findRun(state.store, "tree-skills")).rejects.toThrow('There is no run "tree-skills". Did you mean "three-skills"?');
  });

  it("lists runs with how far they are and what waits", async () => {
    await state.store.runs.create(sampleRun({ id: "b.1", name: "b", createdAt: "2026-03-03T00:00:00.000Z" }));
    await request(1, null, "k1");
    expect(await listRuns(state.store)).toMatchObject([
      { name: "three-skills", state: "running", chosen: 0, trials: 40, waiting: 1 },
      { name: "b", waiting: 0 },
    ]);
  });

  it("follows events over pages, and stops when told to", async () => {
    for (let number = 0; number < 250; number++) await append(String(number));
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const event of tailEvents(state.store, state.run.id, { intervalMs: 5, signal: stop.signal })) {
      seen.push(event.text);
      if (seen.length === 250) await append("late");
      if (event.text === "late") stop.abort();
    }
    expect(seen).toEqual([...Array.from({ length: 250 }, (_, number) => String(number)), "late"]);
  });
});
