import { afterEach, describe, expect, it } from "vitest";
import { milestonesOf } from "#bots/discord/keeper/milestones.ts";
import { statusMessage } from "#bots/discord/render/status-message.ts";
import { bestModel } from "#bots/terminal/best-model.ts";
import { renderLeaderboard } from "#bots/terminal/render/render-leaderboard.ts";
import { renderStatus } from "#bots/terminal/render/render-status.ts";
import { leaderboard } from "#src/service/leaderboard.ts";
import { runStatus } from "#src/service/run-status.ts";
import { anAction, RecordedRun } from "#tests/fixtures/recorded-run.ts";

const why =
  "No model may win: m1 has the best score, .705, but math .510 is below its floor .600. Change `tasks.math.floor` in the run file and start it again.";

describe("a run in which no model may win", () => {
  let recorded: RecordedRun;
  afterEach(() => recorded.close());

  const openRun = async () => {
    recorded = await RecordedRun.open();
    await recorded.evaluate("m0", { math: 40, common: 40 });
    await recorded.finish(await recorded.select(anAction("sft", ["m0"], ["math"])), { math: 51, common: 90 });
    return recorded.setFloors({ math: 0.6 });
  };

  it("is told from one that evaluated nothing, with the remedy, wherever people look", async () => {
    const run = await openRun();
    const status = await runStatus(recorded.store, run.id);
    expect(renderStatus(status, new Date())).toContain(`\nBest      ${why}\nBase      m0 .400`);
    expect(statusMessage(status, { secondsLeft: null, chart: null }).embeds?.[0]?.description).toContain("No model may win: m1 has");
    await expect(bestModel(recorded.store, run)).rejects.toThrow(`skills has no best model. ${why}`);
    const ended = { ...status, run: { ...status.run, state: "finished" as const, endedAt: "2026-01-02T00:00:00.000Z" } };
    const milestones = milestonesOf({ status: ended, failures: [], lead: null, noiseFloor: null, expiring: [] });
    expect(milestones.map(({ text }) => text).join("\n")).toContain("No model may win: m1 has the best score, .705, but math");
  });

  it("marks on the leaderboard what may not win, and says on confirm where the models that were made again stand", async () => {
    const run = await openRun();
    const rows = await leaderboard(recorded.store, run);
    const view = { run: "skills", split: "search", standing: null };
    expect(renderLeaderboard(rows, view)).toContain("\n! may not win: m1: math .510 is below its floor .600; m0: math .400 is below");
    expect(renderLeaderboard(rows, { ...view, split: "confirm", confirmed: "Read on `confirm`: m1 .700 (3)." })).toContain(
      "\nMade again under fresh seeds, and so not in this table: Read on `confirm`: m1 .700 (3). With intervals: temper finalize skills\n",
    );
  });
});
