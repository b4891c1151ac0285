import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { changesAnswer } from "#src/explain/answers/changes-answer.ts";
import { leaderboardAnswer } from "#src/explain/answers/leaderboard-answer.ts";
import { statusAnswer } from "#src/explain/answers/status-answer.ts";
import { RunFacts } from "#src/explain/run-facts.ts";
import { collectReport } from "#src/report/collect-report.ts";
import { answerSentences } from "#src/report/report-sections.ts";
import { bestModel } from "#src/service/best-model.ts";
import { leaderboard } from "#src/service/leaderboard.ts";
import { ModelScores } from "#src/service/model-scores.ts";
import { runStatus } from "#src/service/run-status.ts";
import type { Run } from "#src/store/store.ts";
import { anAction, RecordedRun } from "#tests/fixtures/recorded-run.ts";

describe("models that may not win", () => {
  let recorded: RecordedRun;
  beforeEach(async () => {
    recorded = await RecordedRun.open();
  });
  afterEach(() => recorded.close());

  const train = async (steps: number, right: Record<string, number>) => {
    const number = await recorded.select(anAction("sft", ["m0"], ["math"], { max_steps: steps }));
    await recorded.finish(number, right);
    return number;
  };
  const bestOf = async (run: Run) => bestModel(recorded.store, run, await ModelScores.open(recorded.store, run, "search"));
  const bestSection = async (run: Run) => (await statusAnswer(recorded.store, run)).sections[0];

  it("leaves the base the winner where nothing else meets a floor that it meets, and says what it passed over", async () => {
    await recorded.evaluate("m0", { math: 65, common: 10 });
    await train(80, { math: 51, common: 90 });
    await train(20, { math: 66, common: 5 });
    const run = await recorded.setFloors({ math: 0.6 });
    expect(await bestOf(run)).toBe("m0");
    const why = "No model with a higher score may win: m1 has the best score, .705, but math .510 is below its floor .600.";
    expect(await runStatus(recorded.store, run.id)).toMatchObject({ best: { model: "m0" }, passedOver: why });
    expect(await bestSection(run)).toMatchObject({ text: expect.stringMatching(new RegExp(`^m0 \\.375 .*; base model\\. ${why}`)) });
    const report = await collectReport(recorded.store, run);
    expect(answerSentences(report)).toEqual(expect.arrayContaining([expect.stringMatching(/^Best so far: m0/), why]));
    expect(report.top.map(({ scored }) => scored.label)).toEqual(["Top-1 m0", "Top-2 m2"]);
    expect((await leaderboardAnswer(recorded.store, run, { limit: 5 })).lead).toMatch(
      /^m0 leads skills with \.375 .* No model with a higher/,
    );
  });

  it("has no winner where not even the base meets a floor, and says which floor to change", async () => {
    await recorded.evaluate("m0", { math: 40, common: 40 });
    await train(80, { math: 51, common: 90 });
    const run = await recorded.setFloors({ math: 0.6 });
    expect(await bestOf(run)).toBeNull();
    const why =
      "No model may win: m1 has the best score, .705, but math .510 is below its floor .600. Change `tasks.math.floor` in the run file and start it again.";
    expect(await runStatus(recorded.store, run.id)).toMatchObject({ best: null, passedOver: why, base: { model: "m0" } });
    expect(await bestSection(run)).toMatchObject({ text: why });
    expect((await leaderboardAnswer(recorded.store, run, { limit: 5 })).lead).toBe(why);
    const facts = await RunFacts.open(recorded.store, run);
    const changes = await changesAnswer(facts, { since: new Date("2025-12-31"), words: "since yesterday" });
    expect(changes.sections[0]).toMatchObject({ text: why });
    const report = await collectReport(recorded.store, run);
    const sentences = answerSentences(report);
    expect(sentences[0]).toBe(why);
    expect(sentences.at(-1)).toMatch(/^Cost: /);
    expect(report.top).toEqual([]);
    expect(report.points).toMatchObject([{ model: "m1", best: null }]);
  });

  it("tells that nothing was evaluated from that", async () => {
    const run = await recorded.setFloors({ math: 0.6 });
    expect(await runStatus(recorded.store, run.id)).toMatchObject({ best: null, passedOver: null });
    expect(answerSentences(await collectReport(recorded.store, run))).toEqual(["Nothing was evaluated on every task yet."]);
  });

  it("gives floors and gates on the leaderboard, and the lead to the best that may win", async () => {
    await recorded.evaluate("m0", { math: 60, common: 40 });
    const idle = await train(80, { math: 80, common: 90 });
    await train(40, { math: 30, common: 99 });
    await train(20, { math: 62, common: 60 });
    await recorded.store.trials.update(recorded.run.id, idle, { learnt: false });
    const run = await recorded.setFloors({ math: "base" });
    const rows = await leaderboard(recorded.store, run);
    expect(rows.map(({ model, barriers }) => [model, barriers])).toEqual([
      ["m1", ["it trained without learning"]],
      ["m2", [expect.stringMatching(/^math \.300 is below its floor/)]],
      ["m3", []],
      ["m0", []],
    ]);
    expect(rows.map(({ floors }) => floors.met)).toEqual([true, false, true, true]);
    const answer = await leaderboardAnswer(recorded.store, run, { limit: 5 });
    expect(answer).toMatchObject({ lead: expect.stringMatching(/^m3 leads skills/), subject: "m3" });
    expect(JSON.stringify(answer.sections)).toContain("! may not win: it trained without learning");
    const facts = await RunFacts.open(recorded.store, run);
    const changes = await changesAnswer(facts, { since: new Date("2025-12-31"), words: "since yesterday" });
    expect(changes.sections[0]).toMatchObject({ text: expect.stringMatching(/^m3 /) });
  });

  it("draws in the report only what may win: the best line, the pipelines, the recipe", async () => {
    await recorded.evaluate("m0", { math: 60, common: 40 });
    await train(20, { math: 62, common: 60 });
    const idle = await train(80, { math: 80, common: 90 });
    await train(40, { math: 63, common: 63 });
    await recorded.store.trials.update(recorded.run.id, idle, { learnt: false });
    const report = await collectReport(recorded.store, recorded.run);
    expect(report.points.map(({ model, best }) => [model, best])).toEqual([
      ["m1", 0.61],
      ["m2", 0.61],
      ["m3", 0.63],
    ]);
    expect(report.top.map(({ scored }) => scored.label)).toEqual(["Top-1 m3", "Top-2 m1"]);
    expect(report.top[0]?.recipe).toContain("name: skills-m3");
  });

  it("puts the winner first after finalize, and tells its claim and counts", async () => {
    await recorded.evaluate("m0", { math: 60, common: 40 });
    await train(20, { math: 62, common: 60 });
    await train(40, { math: 63, common: 63 });
    for (const model of ["m0", "m1"]) await recorded.evaluate(model, { math: 50, common: 50 }, "final");
    const { store } = recorded;
    await store.runs.openFinal(recorded.run.id);
    const event = { runId: recorded.run.id, kind: "final-read", actor: "ada", trial: null, text: "`final` was read." };
    const fields = { rows: [{ model: "m1" }], claim: { text: "m1 beats the base." } };
    await store.events.append({ ...event, fields });
    const run = await store.runs.find(recorded.run.id);
    if (run === null) throw new Error("the run is gone");
    // Earlier versions noted no counts.
    expect(await collectReport(store, run)).toMatchObject({ claim: "m1 beats the base.", confirmCounts: null });
    await store.events.append({ ...event, fields: { ...fields, selected: 3, retained: 1 } });
    const report = await collectReport(store, run);
    expect(report.top[0]).toMatchObject({ scored: { label: "Top-1 m1" }, recipe: expect.stringContaining("name: skills-m1") });
    expect(report.shrinkage).toMatch(/^Its search score minus its final score is \+\.110 \[.*; the base's, .* [+−]\.000 \[/);
    expect(answerSentences(report)).toContain("Candidates: 3 selected, 1 retained (ahead of the strongest baseline on confirm).");
    expect((await runStatus(store, run.id)).claim).toBe("m1 beats the base.");
    expect((await statusAnswer(store, run)).sections[1]).toEqual({ title: "Claim", text: "m1 beats the base." });
  });
});
