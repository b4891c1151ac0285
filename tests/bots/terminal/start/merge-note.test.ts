import { describe, expect, it } from "vitest";
import { mergeNote } from "#bots/terminal/start/merge-note.ts";
import { preparedObjects, scriptedConfig } from "#tests/graphs/scripted-world.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

function noteOf(compatibilities: readonly string[], parts: Record<string, unknown> = {}): string | null {
  const models = Object.fromEntries(compatibilities.map((_, index) => [`base${index}`, { path: "scripted/base" }]));
  const config = scriptedConfig({ models, ...parts });
  const home = mkdtempSync(join(tmpdir(), "temper-note-"));
  const prepared = preparedObjects(config, home);
  rmSync(home, { recursive: true });
  const told = prepared.models.map((model, index) => ({ ...model, compatibility: compatibilities[index] ?? "" }));
  return mergeNote(config, { ...prepared, models: told });
}

describe("mergeNote", () => {
  it("names the base models that cannot be merged with each other", () => {
    expect(noteOf(["llama", "llama", "qwen"])).toMatch(
      /^models base0, base1 \| base2 cannot be merged across the bars: .*tokenizers differ/,
    );
  });

  it("says nothing where all can, or where nothing is merged", () => {
    expect(noteOf(["llama", "llama"])).toBeNull();
    expect(noteOf(["llama", "qwen"], { actions: { sft: {} } })).toBeNull();
  });
});
