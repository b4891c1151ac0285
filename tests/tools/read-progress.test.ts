import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readProgress } from "#tools/read-progress.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "temper-progress-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const line = (done: number) => `${JSON.stringify({ time: 1.5, step: "train", done, total: 80, unit: "steps", loss: 0.4 })}\n`;

describe("readProgress", () => {
  it("knows nothing before the first line", async () => {
    expect(await readProgress(directory)).toBeNull();
    await writeFile(join(directory, "progress.jsonl"), "");
    expect(await readProgress(directory)).toBeNull();
  });

  it("gives the last whole line", async () => {
    const file = join(directory, "progress.jsonl");
    for (let done = 0; done < 500; done++) await appendFile(file, line(done));
    expect(await readProgress(directory)).toMatchObject({ done: 499, total: 80, loss: 0.4 });
    await appendFile(file, line(500).slice(0, 20));
    expect(await readProgress(directory)).toMatchObject({ done: 499 });
  });

  it("passes over what is no progress", async () => {
    await writeFile(join(directory, "progress.jsonl"), `${line(7)}{"done": 8}\nnonsense\n`);
    expect(await readProgress(directory)).toMatchObject({ done: 7 });
  });
});
