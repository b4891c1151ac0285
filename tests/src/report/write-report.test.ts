import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { writeReport } from "#src/report/write-report.ts";
import { dataset } from "#tests/fixtures/pool-objects.ts";
import { openScriptedWorld, type ScriptedWorld } from "#tests/graphs/scripted-world.ts";

let world: ScriptedWorld;
afterEach(() => world.close());

/** A PNG's width and height stand in its header. */
function pngSize(file: string): { width: number; height: number } {
  const bytes = readFileSync(file);
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

describe("writeReport", () => {
  it("writes one HTML page without scripts or outside resources, its figures and the same as Markdown", async () => {
    world = await openScriptedWorld({ policy: "lookahead", baselines: { noise_repeats: 2 }, budget: { trials: 8 } });
    await world.conductor().follow(world.run.id);
    const files = await writeReport({ store: world.store, run: world.run, out: join(world.home, "report") });
    const html = readFileSync(files.html, "utf8");
    for (const title of [
      "Best so far",
      "By task",
      "Top-1, Top-2, Top-3",
      "What was learnt",
      "What failed",
      "Replay",
      "Limits of these numbers",
    ])
      expect(html).toContain(title);
    expect(html).not.toMatch(/<script|src="http|href="http:/);
    expect(html).toContain("SFT on all data");
    expect(html).toMatch(/search split, 180 items/);
    const markdown = readFileSync(files.md, "utf8");
    expect(markdown).toMatch(/Best so far: m\d+, \.\d{3} \[\.\d{3}, \.\d{3}\] on the search split, 180 items/);
    expect(files.png.length).toBeGreaterThanOrEqual(4);
    for (const file of files.png) {
      expect(pngSize(file).width).toBeGreaterThan(200);
      expect(statSync(file).size).toBeGreaterThan(3000);
    }
  });

  it("says which rows of the data stand in a split of a task", async () => {
    const place = { task: "math", split: "confirm" as const, rows: 3, exact_rows: 1, items: 3, examples: [] };
    const overlap = { rows: { search: 0, confirm: 3, final: 0, any: 3 }, found: [place], list: "/list.jsonl" };
    world = await openScriptedWorld({ budget: { trials: 1 } });
    const write = async () => {
      const { md } = await writeReport({ store: world.store, run: world.run, out: join(world.home, "report") });
      return readFileSync(md, "utf8");
    };
    expect(await write()).toContain("No row of a training set stands in a split of a task");
    await world.store.objects.add(world.run.id, { ...dataset("late"), overlap });
    expect(await write()).toContain(
      "Of late, 3 of its 100 rows stand in math's confirm split (3 rows, 1 of them word for word): scores there of models that were trained on it may be memory.",
    );
  });

  it("says that final is sealed until it was opened", async () => {
    world = await openScriptedWorld({ budget: { trials: 2 } });
    await world.conductor().follow(world.run.id);
    const files = await writeReport({ store: world.store, run: world.run, out: join(world.home, "report") });
    expect(readFileSync(files.md, "utf8")).toContain("The final split is sealed");
  });

  it("shows what comes from a config as text, never as markup", async () => {
    world = await openScriptedWorld({ goal: `<script>alert("x")</script> | <img src=x>`, budget: { trials: 2 } });
    await world.conductor().follow(world.run.id);
    const files = await writeReport({ store: world.store, run: world.run, out: join(world.home, "report") });
    expect(readFileSync(files.html, "utf8")).not.toMatch(/<script|<img/);
  });

  it("can be written before anything was evaluated", async () => {
    world = await openScriptedWorld();
    const files = await writeReport({ store: world.store, run: world.run, out: join(world.home, "report") });
    expect(readFileSync(files.md, "utf8")).toContain("Nothing was evaluated on every task yet.");
  });
});
