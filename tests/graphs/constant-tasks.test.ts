import { afterEach, describe, expect, it } from "vitest";
import { renderStatus } from "#bots/terminal/render/render-status.ts";
import { collectReport } from "#src/report/collect-report.ts";
import { limitSentences } from "#src/report/report-sections.ts";
import { runStatus } from "#src/service/run-status.ts";
import { createLandscape } from "#tools/executors/scripted/landscape.ts";
import { openScriptedWorld, type ScriptedWorld } from "./scripted-world.ts";

const landscape = createLandscape();
const warning = "Task math gave every model the same score: check its metric or verifier.";

let world: ScriptedWorld;
afterEach(() => world.close());

/** A run whose baselines are all there is, and whose metrics of some tasks give no answer right. */
async function runWith(isConstant: (task: string) => boolean): Promise<void> {
  const behaviour = {
    landscape: {
      ...landscape,
      outcomes: (skill: number, model: string, itemsKey: string, items: number) =>
        isConstant(itemsKey.split(" ")[0] ?? "")
          ? Array.from({ length: items }, () => 0)
          : landscape.outcomes(skill, model, itemsKey, items),
    },
  };
  world = await openScriptedWorld({ budget: { trials: 1 }, baselines: { ties_grid: false, noise_repeats: 1 } });
  await world.conductor({ behaviour }).follow(world.run.id);
}

describe("a task that gives every model the same score", () => {
  it("is told of once when the baselines are measured, in the status and in the report", async () => {
    await runWith((task) => task === "task-key-math");
    expect(await world.events("task-constant")).toEqual([`(null) ${warning}`]);
    // Another process comes to the same answer and says it no second time.
    await world.store.runs.setState(world.run.id, ["finished"], "running", "again");
    await world.conductor().follow(world.run.id);
    expect(await world.events("task-constant")).toHaveLength(1);
    expect(renderStatus(await runStatus(world.store, world.run.id), new Date())).toContain(`Check     ${warning}\n`);
    expect(limitSentences(await collectReport(world.store, world.run))).toContain(warning);
  });

  it("is the likely cause where nothing else could show that a model learnt", async () => {
    await runWith(() => true);
    const last = (await world.trials()).findLast(({ action }) => action.type === "sft");
    expect(last).toMatchObject({ learnt: false });
    expect(last?.detail).toContain(`It scores the same as its parent on each of the 180 items. ${warning}`);
    const limits = limitSentences(await collectReport(world.store, world.run)).join(" ");
    expect(limits).toContain("The noise between training seeds is not known (nothing was repeated, or the repeats scored the same)");
  });

  it("is none where the metrics move", async () => {
    await runWith(() => false);
    expect(await world.events("task-constant")).toEqual([]);
    expect((await runStatus(world.store, world.run.id)).warnings).toEqual([]);
  });
});
