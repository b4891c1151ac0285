import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readReplayExecutor } from "#bots/terminal/replay/read-replay-executor.ts";
import { RecordingTerminal } from "../recording-terminal.ts";
import { configText } from "../scripted-place.ts";

let directory: string;
let terminal: RecordingTerminal;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "temper-fresh-"));
  terminal = new RecordingTerminal({ cwd: directory });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const write = (parts: Record<string, unknown> = {}, file = "temper.yaml") => writeFile(join(directory, file), configText(parts));

describe("a fresh home", () => {
  it("registers what the config names and runs, in a home of another place too", async () => {
    await write({ budget: { trials: 2 }, baselines: false });
    const { code, out, err } = await terminal.run("start", "temper.yaml", "--home", "elsewhere");
    expect(err).toMatch(/^Reading 1 model, 4 datasets and 3 tasks …\nReady after \d+ s\.\nRun scripted|^Reading[^]*Ready after \d+ s\.\n/);
    expect(out).toMatch(/temper why m\d --home elsewhere/);
    expect(code).toBe(0);
    expect(existsSync(join(directory, "elsewhere", "temper.db"))).toBe(true);
    expect(existsSync(join(directory, ".temper"))).toBe(false);
  });

  it("makes one run of two starts at once", async () => {
    await write({ budget: { trials: 2 }, baselines: false });
    const other = new RecordingTerminal({ cwd: directory });
    const [first, second] = await Promise.all([terminal.run("start", "temper.yaml"), other.run("start", "temper.yaml")]);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect((await terminal.run("status", "--all")).out.trim().split("\n")).toHaveLength(2);
  });

  it("prints events as JSON lines and then the summary", async () => {
    await write({ budget: { trials: 1 }, baselines: false });
    const { out } = await terminal.run("start", "temper.yaml", "--json");
    const [events, summary] = out.split(/^(?=\{\n)/m);
    const kinds = (events ?? "")
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line).kind);
    expect(kinds).toEqual(expect.arrayContaining(["run-create", "trial-end", "run-end"]));
    expect(JSON.parse(summary ?? "")).toMatchObject({ end: "ended", state: "finished", best: { search: { split: "search" } } });
  });

  it("says what a run will do and cost, and what will need an approval", async () => {
    await write({ approval: { over: { device_hours: 0.000001 } }, budget: { trials: 9, steps: 1200, usd_per_device_hour: 3.5 } });
    const { code, out } = await terminal.run("check", "temper.yaml");
    expect(out).toMatch(/^temper\.yaml is fine\./);
    expect(out).toMatch(/^data +math +1,000 rows, prompt_completion, 20 tokens each/m);
    expect(out).toMatch(/^sft +28 /m);
    expect(out).toMatch(/^merge_ties +0 /m);
    expect(out).toContain("6 baselines and repeats first");
    expect(out).toMatch(/Then 9 trials, 1,200 steps at most\. In all about .* \(p50 to p90\), \$/);
    expect(out).toMatch(/You will be asked before:\n {2}the baselines, all at once: up to /);
    expect(out).toContain("a prior: no job has finished yet");
    expect(code).toBe(0);
    expect(JSON.parse((await terminal.run("check", "temper.yaml", "--json")).out)).toMatchObject({
      ok: true,
      estimate: { space: { total: 28 } },
    });
  });

  it("fetches ahead, so that a start reads nothing anew", async () => {
    await write();
    const { code, out } = await terminal.run("fetch", "temper.yaml");
    expect(out).toMatch(/^task +math +200 search, 200 confirm, 200 final items/m);
    expect(code).toBe(0);
  });

  it("makes a pipeline again from its recipe in another home, and compares the score", async () => {
    await write({ budget: { trials: 3 } });
    await terminal.run("start", "temper.yaml");
    await terminal.run("recipe", "--out", "best.yaml");
    const { code, out, err } = await terminal.run("replay", "best.yaml", "--home", "elsewhere", "--executor", "scripted");
    expect(err).toMatch(/^Replaying scripted-m\d+: \d+ steps?\.\n/);
    expect(out).toMatch(/^m\d+ +sft +m1 +made/m);
    expect(out).toMatch(/Score \.\d{3} ±\.\d{3} on search; the recipe expects \.\d{3} \[.*\]: within it\./);
    expect(code).toBe(0);
    expect((await terminal.run("replay", "best.yaml", "--home", "elsewhere", "--executor", "scripted")).code).toBe(0);
    expect((await terminal.run("replay", "best.yaml", "--home", "third", "--executor", "temper.yaml")).code).toBe(0);
    expect(await terminal.run("replay", "best.yaml", "--executor", "slrum")).toMatchObject({
      code: 2,
      err: expect.stringContaining('Did you mean "slurm"?'),
    });
  });

  it.each(["slurm", "ray"] as const)("replays on %s as it is configured", async (kind) => {
    const settings = await readReplayExecutor(directory, kind);
    expect(settings).toMatchObject({ kind, gpus_per_job: 1 });
    await write({ executor: { kind, gpus_per_job: 0, lanes: 3 } });
    expect(await readReplayExecutor(directory, "temper.yaml")).toMatchObject({ kind, gpus_per_job: 0, lanes: 3 });
  });

  it("names what is wrong in a recipe, and where", async () => {
    await write({ budget: { trials: 1 }, baselines: false });
    await terminal.run("start", "temper.yaml");
    await terminal.run("recipe", "--out", "best.yaml");
    const text = await readFile(join(directory, "best.yaml"), "utf8");
    await writeFile(join(directory, "best.yaml"), text.replace("action: sft", "action: sfd"));
    expect(await terminal.run("replay", "best.yaml")).toMatchObject({ code: 2, err: expect.stringMatching(/best\.yaml:\d+:\d+ .*action/) });
    await writeFile(join(directory, "best.yaml"), text.replace("path: scripted/base", "path: ./gone/base"));
    expect(await terminal.run("replay", "best.yaml", "--executor", "scripted")).toMatchObject({
      code: 2,
      err: expect.stringContaining(`no such file or directory: ./gone/base (looked for ${join(directory, "gone/base")}`),
    });
    expect(await terminal.run("replay", "none.yaml")).toMatchObject({ code: 2, err: expect.stringContaining("there is no such file") });
  });
});
