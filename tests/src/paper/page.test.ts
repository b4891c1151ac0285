import { describe, expect, it } from "vitest";
import { claimSentence, signOf } from "#src/paper/claims.ts";
import { paperPage } from "#src/paper/page.ts";
import { paperParts, paperResultSchema, type PaperResult } from "#src/paper/results.ts";
import { renderChart } from "#src/report/render-chart.ts";
import { renderGraph } from "#src/report/render-graph.ts";
import { fakeBasis, fakeExperimentOne, fakeRecord, fakeRow, same } from "./fake-results.ts";
import { pipelineOf } from "#src/paper/pipelines.ts";

const difference = (mean: number, half: number) => ({ mean, interval: { low: mean - half, high: mean + half }, seeds: 5 });

describe("a claim's sentence", () => {
  const claim = { says: "A beats B", paper: ".5 against .4", why: "By task: math." };

  it.each([
    [difference(0.1, 0.05), "as in the paper."],
    [difference(-0.1, 0.05), "the other way round than in the paper.** By task: math."],
    [difference(0.02, 0.05), "not shown here**: the interval holds 0."],
    [{ mean: 0.1, interval: null, seeds: 1 }, "one seed decides nothing"],
    [null, "not measured"],
  ])("follows from the interval alone: %j", (measured, verdict) => {
    expect(claimSentence({ ...claim, difference: measured })).toContain(verdict);
  });

  it("says where the paper has no number", () => {
    expect(claimSentence({ ...claim, paper: null, difference: difference(0.1, 0.05) })).toContain("the paper does not measure this");
    expect(signOf(difference(0.05, 0.05))).toBe("open");
  });
});

const steps = pipelineOf(
  fakeRecord(0, [
    { type: "sft", models: ["m0"], datasets: ["a"], aggregate: 0.5 },
    { type: "sft", models: ["m0"], datasets: ["b"], aggregate: 0.4 },
    { type: "merge_ties", models: ["m1", "m2"], datasets: [], aggregate: 0.6 },
    { type: "sft", models: ["m3"], datasets: ["b"], aggregate: 0.7 },
  ]),
  "m4",
);
const seeds = [0, 1, 2, 3, 4];
const windows = (start: number) => Array.from({ length: 40 }, (_, trial) => start + trial * 0.005 + (trial % 2) * 0.1);

const all: PaperResult[] = [
  fakeExperimentOne(0.6, 0.5),
  {
    part: "figure-3",
    basis: fakeBasis(),
    pipelines: [
      { found: { seed: 2, model: "m4", search: 0.7 }, steps, again: fakeRow({ id: "t", label: "Top-1", kind: "search" }, same(0.65)) },
    ],
  },
  {
    part: "figure-5",
    basis: fakeBasis(),
    arms: [{ arm: "lookahead", runs: seeds.map((seed) => ({ seed, scores: windows(0.4 + seed / 100) })) }],
  },
  {
    part: "experiment-2",
    basis: fakeBasis(),
    rows: [
      fakeRow({ id: "base", label: "base", kind: "base" }, { math: 0.9, tool: 0 }),
      fakeRow({ id: "lookahead", label: "search: lookahead", kind: "search" }, { math: 0.8, tool: 0.7 }),
      fakeRow({ id: "sft a", label: "SFT on a", kind: "single" }, { math: 0.2, tool: 0.3 }),
    ],
    runs: [],
    lacks: ["Left out: llm."],
  },
  {
    part: "data-size",
    basis: fakeBasis(),
    shares: [0.25, 0.5, 1],
    runs: [],
    seeds: seeds.map((seed) => ({
      seed,
      pipelines: [0.7, 0.6, 0.5, 0.4].map((search, index) => ({
        kind: index < 2 ? ("top" as const) : ("random" as const),
        search,
        steps,
        finals: [search, search + 0.01, seed === 0 && index === 1 ? 0.9 : search + 0.02 + seed / 100],
      })),
    })),
  },
  {
    part: "model-size",
    basis: fakeBasis(),
    sizes: ["S", "M"],
    lacks: [],
    pipelines: [1, 2, 3].map((number) => ({ label: `P${number}`, steps })),
    reads: seeds.flatMap((seed) =>
      [0.7, 0.69, 0.5].flatMap((final, pipeline) => [
        { pipeline, size: "S", seed, final },
        { pipeline, size: "M", seed, final: pipeline === 1 ? 0.9 : final + 0.1 },
      ]),
    ),
  },
];

describe("the paper's page", () => {
  it("names the command of every part that was not measured", () => {
    const { markdown, lacking } = paperPage([], "paper");
    expect(lacking).toEqual([...paperParts]);
    for (const part of paperParts) expect(markdown).toContain(`Not measured yet: \`temper paper ${part}\`.`);
  });

  it("turns its verdict round with the numbers, and says which tasks and sets it comes from", () => {
    const above = paperPage([fakeExperimentOne(0.6, 0.5)], "paper").markdown;
    const below = paperPage([fakeExperimentOne(0.4, 0.5)], "paper").markdown;
    expect(above).toMatch(/The search beats SFT on all data \(paper: .458 against .439\): here \+\.100 \[.*as in the paper/);
    expect(below).toMatch(
      /The search beats SFT on all data \(paper.*\): here −\.100 .*the other way round.*By task: math −\.100, tool −\.100\./,
    );
    expect(below).toMatch(/SFT on words sinks math \(\.400 → \.00\d\)/);
  });

  it("says that too few seeds were measured", () => {
    const { markdown, lacking } = paperPage([fakeExperimentOne(0.6, 0.5, 2)], "paper");
    expect(markdown).toContain("Only 2 of 5 seeds were measured.");
    expect(lacking).toContain("experiment-1");
  });

  it("is whole when every part has its result, and every picture can be drawn", async () => {
    for (const result of all) expect(paperResultSchema.parse(result)).toEqual(result);
    const { markdown, figures, lacking } = paperPage(all, "paper");
    expect(lacking).toEqual([]);
    expect(markdown).toContain("Merge before the last fine-tuning, the paper's winner, is the form of 1 of these 1");
    expect(markdown).toContain("The best pipeline keeps math (paper: .804 → .810): here −.100");
    expect(markdown).toContain("**not as in the paper: SFT on a gains.**");
    expect(markdown).toMatch(/At 4× the search's first pipeline is the first of 4 in 4 of 5 seeds/);
    expect(markdown).toMatch(/S → M: .*That is the paper's finding|S → M: from a gap of/);
    for (const figure of figures) {
      const svg = "chart" in figure ? await renderChart(figure.chart) : await renderGraph(figure.dot);
      expect(svg, figure.name).toContain("<svg");
    }
    expect(figures.map(({ name }) => name)).toEqual([
      "experiment-1",
      "figure-3-top-1",
      "figure-5",
      "experiment-2",
      "data-size",
      "model-size",
    ]);
  });

  it("is the same for the same results", () => {
    expect(paperPage(all, "paper")).toEqual(paperPage(structuredClone(all), "paper"));
  });
});
