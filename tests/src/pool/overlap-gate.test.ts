import { describe, expect, it } from "vitest";
import { judgeOverlaps } from "#src/pool/overlap-gate.ts";
import type { Overlap, OverlapPlace } from "#src/pool/overlap.ts";
import { sampleConfig } from "#tests/conformance/store/samples.ts";

const example = { row: 212, item: "i7", similarity: 0.875, exact: false, row_text: "Tom has 4", item_text: "Ann has 4" };

function place(changes: Partial<OverlapPlace> = {}): OverlapPlace {
  return { task: "math", split: "final", rows: 3, exact_rows: 1, items: 2, examples: [example], ...changes };
}

function judge(overlap: Overlap | undefined, onOverlap: "refuse" | "warn", rows = 1250) {
  const config = sampleConfig({ datasets: { gsm8k: { path: "gsm8k.jsonl", on_overlap: onOverlap } } });
  const dataset = { id: "gsm8k", key: "k", path: "/k", format: "prompt_completion" as const, rows, skipped_rows: 0, mean_tokens: 9 };
  return judgeOverlaps(config, { datasets: [{ ...dataset, revision: null, ...(overlap === undefined ? {} : { overlap }) }] });
}

const some: Overlap = { rows: { search: 1, confirm: 0, final: 3, any: 4 }, found: [place()], list: "/cache/gsm8k.jsonl" };

describe("judgeOverlaps", () => {
  it("lets data pass that stands in no split, and data of runs of before it was looked for", () => {
    const none = { rows: { search: 0, confirm: 0, final: 0, any: 0 }, found: [], list: null };
    expect(judge(none, "refuse")).toEqual({ problems: [], allowed: [] });
    expect(judge(undefined, "refuse")).toEqual({ problems: [], allowed: [] });
  });

  it("refuses rows that stand in a split, and shows them beside their items", () => {
    const search = place({ split: "search", rows: 1, exact_rows: 1, examples: [{ ...example, row: 9, exact: true, similarity: 1 }] });
    const { problems, allowed } = judge({ ...some, found: [search, place()] }, "refuse");
    expect(allowed).toEqual([]);
    expect(problems).toEqual([{ object: "datasets.gsm8k", row: 9, message: expect.any(String) }]);
    const message = problems[0]?.message ?? "";
    expect(message).toContain(
      "4 of its 1,250 rows stand in math's final split (3 rows, 1 of them word for word), math's search split (1 row, word for word)",
    );
    expect(message).toContain("set on_overlap: warn");
    expect(message).toContain("All rows: /cache/gsm8k.jsonl.");
    expect(message).toContain('row 9 is item i7 of math\'s search: "Tom has 4"');
    expect(message).toContain('row 212 holds 87 % of item i7 of math\'s final: "Tom has 4" | "Ann has 4"');
  });

  it("lets the config allow them, on record", () => {
    const { problems, allowed } = judge(some, "warn");
    expect(problems).toEqual([]);
    expect(allowed).toEqual([{ dataset: "gsm8k", text: expect.stringContaining("4 of its 1,250 rows stand in math's final split") }]);
  });

  it("refuses a dataset that holds nothing but items, whatever the config says", () => {
    const { problems, allowed } = judge(some, "warn", 4);
    expect(allowed).toEqual([]);
    expect(problems[0]?.message).toContain("wholly inside what models are scored on");
  });

  it.each(["refuse", "warn"] as const)("judges a run's own dataset against a task that joins as the run says: %s", (onOverlap) => {
    const joining = sampleConfig({ datasets: {} });
    const known = { config: sampleConfig({ datasets: { gsm8k: { path: "gsm8k.jsonl", on_overlap: onOverlap } } }) };
    const verdict = judgeOverlaps(joining, { datasets: [], known_overlaps: [{ id: "gsm8k", rows: 1250, overlap: some }] }, known);
    expect(verdict.allowed).toHaveLength(onOverlap === "warn" ? 1 : 0);
    expect(verdict.problems.map(({ message }) => message)).toEqual(
      onOverlap === "warn" ? [] : [expect.stringContaining("give the task that joins other items")],
    );
  });
});
