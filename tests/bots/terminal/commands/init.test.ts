import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseRunConfig } from "#src/config/load-run-config.ts";
import { RecordingTerminal } from "../recording-terminal.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "temper-init-"));
  await writeFile(join(directory, "train.jsonl"), '{"prompt":"1+1","completion":"2"}\n');
  await writeFile(join(directory, "pairs.jsonl"), '{"prompt":"1+1","chosen":"2","rejected":"3"}\n');
  await writeFile(join(directory, "test.jsonl"), '{"prompt":"1+1","answer":"2"}\n');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const read = async (file = "temper.yaml") => parseRunConfig(await readFile(join(directory, file), "utf8"), file);

describe("temper init", () => {
  it("writes a config from flags that passes check", async () => {
    const terminal = new RecordingTerminal({ cwd: directory });
    const flags = [
      "--model",
      "base=google/gemma-2-2b",
      "--data",
      "train.jsonl",
      "--data",
      join(directory, "pairs.jsonl"),
      "--task",
      "math=test.jsonl",
    ];
    const { code, out } = await terminal.run(
      "init",
      ...flags,
      "--verifier",
      "number",
      "--trials",
      "7",
      "--goal",
      'Raise: "math" # and more',
    );
    expect(out).toBe("Wrote temper.yaml. Next: temper check temper.yaml, then temper start temper.yaml\n");
    expect(code).toBe(0);
    const config = await read();
    expect(config).toMatchObject({
      goal: 'Raise: "math" # and more',
      models: { base: { path: "google/gemma-2-2b" } },
      datasets: { pairs: { format: "preference" } },
      tasks: { math: { verifier: { kind: "number" } } },
      budget: { trials: 7 },
    });
    expect(Object.keys(config.actions)).toContain("dpo");
    expect((await terminal.run("check", "temper.yaml", "--quick")).code).toBe(0);
  });

  it("asks for what flags left open, and again after an answer that is none", async () => {
    const answers = ["my-run", "Better maths", "google/gemma-2-2b", "", "train.jsonl", "", "test.jsonl", "", "words", "number", "12"];
    const person = new RecordingTerminal({ cwd: directory, answers });
    expect((await person.run("init", "mine.yaml")).code).toBe(0);
    expect(person.questions[0]).toBe("Name of the run [my-run]: ");
    expect(await read("mine.yaml")).toMatchObject({
      name: "my-run",
      tasks: { test: { verifier: { kind: "number" } } },
      budget: { trials: 12 },
    });
  });

  it("writes nothing when the person leaves", async () => {
    const person = new RecordingTerminal({ cwd: directory, answers: ["my-run"] });
    expect(await person.run("init")).toMatchObject({ code: 1, out: "Nothing was written.\n" });
    await expect(read()).rejects.toThrow("ENOENT");
  });

  it("names the flags that are missing when nobody is there", async () => {
    const terminal = new RecordingTerminal({ cwd: directory });
    expect(await terminal.run("init", "--model", "a/b")).toMatchObject({
      code: 2,
      err: expect.stringContaining("missing: --data, --task"),
    });
  });

  it("does not write over a file unless told to", async () => {
    await writeFile(join(directory, "temper.yaml"), "mine");
    const terminal = new RecordingTerminal({ cwd: directory });
    const flags = ["--model", "a/b", "--data", "c/d", "--task", "lm_eval:arc_easy"];
    expect(await terminal.run("init", ...flags)).toMatchObject({ code: 2, err: expect.stringContaining("--force") });
    expect(await readFile(join(directory, "temper.yaml"), "utf8")).toBe("mine");
    expect((await terminal.run("init", ...flags, "--force")).code).toBe(0);
    expect(await read()).toMatchObject({ tasks: { arc_easy: { kind: "lm_eval", task: "arc_easy" } } });
  });
});
