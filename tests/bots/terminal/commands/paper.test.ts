import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { paperParts } from "#src/paper/results.ts";
import { writeResult } from "#src/paper/write-page.ts";
import { fakeExperimentOne } from "../../../src/paper/fake-results.ts";
import { RecordingTerminal } from "../recording-terminal.ts";

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "temper-paper-"));
});
afterEach(() => rm(place, { recursive: true, force: true }));

const paper = (...parameters: string[]) => new RecordingTerminal({ cwd: place }).run("paper", ...parameters);

describe("temper paper", () => {
  it.each([
    [["experiment-3"], "experiment-1, figure-3"],
    [["all", "--policy", "lookahead,tpe"], 'no policy "tpe"'],
    [["all", "--sizes", "S,XL"], 'no base "XL"'],
    [["all", "--device", "tpu"], "cpu or cuda"],
    [["all", "--llm-url", "http://127.0.0.1:1"], "--llm MODEL"],
    [["all", "--seeds", "0"], "at least 1"],
    [["all", "--config", "nowhere.yaml"], "nowhere.yaml"],
  ])("says of %j what would be right", async (parameters, remedy) => {
    const { code, err } = await paper(...parameters);
    expect({ code, names: err.includes(remedy) || err }).toEqual({ code: 2, names: true });
  });

  it("trains on a config of one's own only after a yes", async () => {
    const config = join(place, "own.yaml");
    await writeFile(
      config,
      `name: own
models: { base: { path: "tiny-world:S/base" } }
datasets: { math: { path: "tiny-world:math", format: prompt_completion } }
tasks: { math: { kind: generate, path: "tiny-world:math", verifier: { kind: exact, after: "#" } } }
actions: { sft: { max_steps: 20 } }
`,
    );
    const off = await paper("experiment-1", "--config", config, "--trials", "7");
    expect(off.code).toBe(2);
    expect(off.err).toMatch(/5 seeds, 7 trained models a search.*Say --yes/);
    const asked = new RecordingTerminal({ cwd: place, answers: ["n"] });
    const { code, err } = await asked.run("paper", "experiment-1", "--config", config);
    expect({ code, err, questions: asked.questions.length }).toEqual({ code: 1, err: "Nothing was trained.\n", questions: 1 });
  });

  it("writes the page again from the results that are there, and says what is lacking", async () => {
    writeResult(place, fakeExperimentOne(0.6, 0.5));
    const { code, out } = await paper("page", "--out", ".", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ page: join(place, "paper.md"), lacking: paperParts.slice(1) });
    const page = await readFile(join(place, "paper.md"), "utf8");
    expect(page).toContain("| search: lookahead | .600");
    expect(page).toContain("Not measured yet: `temper paper data-size`.");
    expect((await readFile(join(place, "paper/experiment-1.png"))).subarray(1, 4).toString()).toBe("PNG");
  });

  it("names a result that it cannot read", async () => {
    writeResult(place, fakeExperimentOne(0.6, 0.5));
    await writeFile(join(place, "paper/figure-5.json"), '{"part":"figure-5"}');
    const { code, err } = await paper("page", "--out", ".");
    expect(code).toBe(1);
    expect(err).toMatch(/figure-5\.json is no result of temper paper.*temper paper figure-5/);
  });
});
