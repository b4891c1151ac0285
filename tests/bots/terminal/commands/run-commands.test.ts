import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RecordingTerminal } from "../recording-terminal.ts";
import { openScriptedPlace, type ScriptedPlace } from "../scripted-place.ts";

let place: ScriptedPlace;
let terminal: RecordingTerminal;

beforeAll(async () => {
  place = await openScriptedPlace();
  terminal = place.terminal();
});
afterAll(() => place.remove());

describe("a run from start to report", () => {
  it("says how a run that nobody drives yet stands", async () => {
    const { code, out } = await terminal.run("status");
    expect(out).toContain("scripted is running (started)\nNobody    drives it now.");
    expect(out).toContain("\nProgress  0 of 4 trials\nBest      nothing is evaluated yet");
    expect(code).toBe(0);
    expect(await terminal.run("why")).toMatchObject({ code: 2, err: expect.stringContaining("Nothing is evaluated in scripted yet") });
  });

  it("drives the run, tells each trial in a pipe without cursor codes, and ends with the answer", async () => {
    const { code, out, err } = await terminal.run("start", "temper.yaml");
    expect(err).toMatch(/^Baselines first: .+\nBase m0 \(base\) scores/);
    expect(err.match(/^Trial \d+:/gm)).toHaveLength(10);
    expect(err + out).not.toContain("\u001b");
    expect(out).toMatch(/Found: m\d+ {3}search \.\d{3} ±\.\d{3}\n/);
    expect(out).toMatch(/\(search split, 180 items, 95 % intervals/);
    expect(out).toMatch(/^How: /m);
    expect(out).toContain("4 chosen trials and 6 baselines and repeats");
    expect(code).toBe(0);
  });

  it("answers a second start from what is known, with the same table", async () => {
    const first = await terminal.run("start", "temper.yaml");
    const second = await terminal.run("start", "temper.yaml");
    expect(second).toEqual(first);
    expect(second.err).toBe("");
    expect((await place.store.runs.list()).map((run) => run.id)).toEqual(["scripted.1"]);
  });

  it("ranks the models with intervals, as text and as JSON", async () => {
    const { out } = await terminal.run("leaderboard", "--top", "3");
    expect(out).toMatch(/^scripted, search split, 180 items, 95 % intervals, one training seed\n/);
    expect(out.trimEnd().split("\n")).toHaveLength(6);
    expect(out).toMatch(
      /\d+ evaluated, \d+ eligible\. The best score is (?:expected to be \.\d{3} too optimistic|not expected to be too optimistic \(estimate (?:−\.\d{3}|\.000)\)), for/,
    );
    const rows: unknown = JSON.parse((await terminal.run("leaderboard", "--top", "3", "--json")).out);
    expect(rows).toMatchObject([{ rank: 1, score: { split: "search", items: 180 } }, { rank: 2 }, { rank: 3 }]);
  });

  it("keeps the final split sealed until it is opened, once and on record", async () => {
    expect(await terminal.run("leaderboard", "--split", "final")).toMatchObject({ code: 2, err: expect.stringContaining("is sealed") });
    const { code, out } = await terminal.run("finalize");
    expect(out).toMatch(/^(m\d+ beats the strongest baseline|Nothing beats the baseline)/);
    expect(out).toMatch(/Made again under 3 fresh training seeds and read on confirm: m\d+ \.\d{3} ±/);
    expect(out).toMatch(/\nThe final split of scripted, opened once at .* UTC: 180 items, 95 % intervals\.\n/);
    expect(out).toMatch(/winner .*\n.*base .*\n.*SFT on all data, same steps .*\n.*SFT on all data, compute-matched/);
    expect(out).toMatch(/SFT on all data \(compute-matched\)(?: are a tie)?: [+−]\.\d{3} \[/);
    expect(code).toBe(0);
    expect((await terminal.run("finalize")).out).toBe(out);
    const events = await place.store.events.list(place.run.id);
    expect(events.filter((event) => event.kind === "final-open")).toHaveLength(1);
  });

  it("says why a model was made, by its id, by its trial, and of the best when nobody names one", async () => {
    const best = (await terminal.run("why")).out;
    expect(best).toMatch(/was chosen at trial \d+ by lookahead/);
    const id = /^(m\d+)/.exec(best)?.[1] ?? "";
    expect((await terminal.run("why", id)).out).toBe(best);
    const facts: unknown = JSON.parse((await terminal.run("why", id, "--json")).out);
    expect(facts).toMatchObject({ model: id, decision: { policy: "lookahead" } });
    expect(await terminal.run("why", "m99")).toMatchObject({ code: 2, out: "", err: expect.stringContaining("m99") });
  });

  it("prints the recipe of the best, and writes it where asked", async () => {
    const { out } = await terminal.run("recipe");
    expect(out).toContain("recipe: 1\n");
    await terminal.run("recipe", "--out", "best.yaml");
    expect(await readFile(join(place.directory, "best.yaml"), "utf8")).toBe(out);
  });

  it("writes the report into the home, or where asked", async () => {
    expect((await terminal.run("report")).code).toBe(0);
    expect(existsSync(join(place.home, "runs", "scripted", "report.html"))).toBe(true);
    await terminal.run("report", "--out", "here");
    expect(existsSync(join(place.directory, "here", "report.md"))).toBe(true);
  });

  it("lists the runs of a home", async () => {
    expect((await terminal.run("status", "--all")).out).toMatch(/^run +state +trials .*\nscripted\.1 +finished +4\/4/);
  });

  it("notes wishes, lists them, and takes them back", async () => {
    expect((await terminal.run("steer", "prefer", "math")).out).toContain("Noted as wish 1 of scripted");
    expect((await terminal.run("steer", "--list")).out).toMatch(/ 1 {2}prefer math .* holds/);
    expect((await terminal.run("steer", "--revoke", "1")).out).toBe("Wish 1 no longer holds.\n");
    expect((await terminal.run("steer", "--list")).out).toContain("taken back");
    expect(await terminal.run("steer", "--revoke", "7")).toMatchObject({ code: 2, err: expect.stringContaining("No wish 7 holds") });
    expect(await terminal.run("steer")).toMatchObject({ code: 2, err: expect.stringContaining("Say what the run should do") });
  });

  it("refuses to pause, resume or stop what is over, and says so", async () => {
    for (const command of ["pause", "resume", "stop"]) {
      expect(await terminal.run(command)).toMatchObject({ code: 1, err: expect.stringContaining("scripted is finished") });
    }
  });

  it("shows a finished run to a watcher and lets go", async () => {
    const { code, out } = await terminal.run("watch");
    expect(out).toContain("scripted is finished");
    expect(code).toBe(0);
    expect(terminal.isListening).toBe(false);
  });

  it("goes on with a finished run when its budget was raised, after showing the change", async () => {
    await place.write({ budget: { trials: 6 } });
    expect(await terminal.run("start", "temper.yaml")).toMatchObject({ code: 1, err: expect.stringContaining("budget.trials: 4 → 6") });
    const person = place.terminal({ answers: ["y"] });
    const { code } = await person.run("start", "temper.yaml");
    expect(person.questions).toEqual(["Go on with scripted under the new settings? [y/N] "]);
    expect(code).toBe(0);
    expect((await place.store.trials.counts(place.run.id)).chosen).toBe(6);
  });

  it("leaves all as it was when the person says no", async () => {
    await place.write({ budget: { trials: 6 }, seed: 5 });
    const person = place.terminal({ answers: ["n"] });
    const { code, err } = await person.run("start", "temper.yaml");
    expect(person.questions[0]).toBe("Start a new run called scripted beside the old one? [y/N] ");
    expect(err).toContain("seed: 0 → 5");
    expect(err).toContain("Nothing was changed.");
    expect(code).toBe(1);
    expect(await place.store.runs.list()).toHaveLength(1);
  });
});
