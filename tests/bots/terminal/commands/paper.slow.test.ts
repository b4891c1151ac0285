import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readResults } from "#src/paper/write-page.ts";
import { startScriptedOpenai } from "#tests/scripted-openai/server.ts";
import { RecordingTerminal } from "../recording-terminal.ts";

const config = `name: two-skills
models: { base: { path: "tiny-world:S/base" }, larger: { path: "tiny-world:S/instruct" } }
datasets:
  math: { path: "tiny-world:math", format: prompt_completion }
  common: { path: "tiny-world:common", format: prompt_completion }
tasks:
  math: { kind: generate, path: "tiny-world:math", verifier: { kind: exact, after: "#" }, max_new_tokens: 12, items: { search: 30, confirm: 30, final: 30 } }
actions:
  sft: { max_steps: 10, learning_rate: 0.001, per_device_train_batch_size: 32 }
  merge_ties: { density: 0.5 }
`;

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "temper-paper-"));
  await writeFile(join(place, "own.yaml"), config);
});
afterEach(() => rm(place, { recursive: true, force: true }));

const small = ["--config", "own.yaml", "--yes", "--seeds", "2", "--trials", "2"];

describe("temper paper with trainings", () => {
  it("goes from a config to results with every decision and score, and does nothing twice", async () => {
    const terminal = new RecordingTerminal({ cwd: place });
    const first = await terminal.run("paper", "experiment-1", ...small, "--policy", "lookahead,random");
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining("Wrote .temper/paper.md") });
    const [result] = readResults(join(place, ".temper"));
    if (result?.part !== "experiment-1") throw new Error("experiment 1 has a result");
    expect(result.basis).toMatchObject({ config: "two-skills", seeds: [0, 1], trials: 2, isTiny: true });
    expect(result.rows.map(({ id }) => id)).toEqual([
      "base",
      "lookahead",
      "random",
      "merges_only",
      "sft_only",
      "sft_all",
      "sft_all_compute",
      "ties_grid",
      "sft math",
      "sft common",
      "best_single",
    ]);
    for (const row of result.rows)
      expect(
        row.reads.map(({ seed }) => seed),
        row.id,
      ).toEqual([0, 1]);
    expect(result.runs.filter(({ experiment }) => !experiment.includes("only")).map(({ trials }) => trials.length)).toEqual([2, 2, 2, 2]);
    const page = await readFile(join(place, ".temper/paper.md"), "utf8");
    expect(page).toContain("Only 2 of 5 seeds were measured.");
    const again = await terminal.run("paper", "experiment-1", ...small, "--policy", "lookahead,random");
    expect(again.err).not.toContain("final");
    expect(await readFile(join(place, ".temper/paper.md"), "utf8")).toBe(page);
  });

  it("asks a language model where one is given, and makes the same pipelines on the config's larger model", async () => {
    const asked: string[] = [];
    const server = await startScriptedOpenai((request) => {
      asked.push(request.model);
      return { kind: "json", value: {} };
    });
    try {
      const terminal = new RecordingTerminal({ cwd: place, env: { OPENAI_API_KEY: "sk-test" } });
      const llm = ["--llm", "judge", "--llm-url", server.baseUrl];
      const { code, err } = await terminal.run("paper", "model-size", ...small, "--policy", "hybrid", ...llm);
      expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
      expect(new Set(asked)).toEqual(new Set(["judge"]));
      const [result] = readResults(join(place, ".temper"));
      if (result?.part !== "model-size") throw new Error("model-size has a result");
      expect(result.sizes).toEqual(["base", "larger"]);
      expect(result.reads).toHaveLength(result.pipelines.length * 2 * 2);
    } finally {
      await server.close();
    }
  });
});
