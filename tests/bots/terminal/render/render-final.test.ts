import { describe, expect, it } from "vitest";
import type { FinalReport, FinalRow } from "#graphs/conductor/final-report.ts";
import { renderFinal } from "#bots/terminal/render/render-final.ts";
import type { Split } from "#src/pool/objects.ts";
import type { Measured } from "#src/score/evaluation.ts";

const measured = (mean: number, half: number, split: Split = "final"): Measured => ({
  mean,
  low: mean - half,
  high: mean + half,
  split,
  items: 600,
  seeds: 1,
});

const row = (label: FinalRow["label"], model: string, changes: Partial<FinalRow> = {}): FinalRow => ({
  label,
  model,
  trial: null,
  search: measured(0.46, 0.03, "search"),
  final: measured(0.45, 0.04),
  tasks: { math: measured(0.45, 0.04) },
  overSftAll: null,
  overSftAllCompute: null,
  overBase: null,
  winnerMinusThis: null,
  ...changes,
});

function reportOf(winner: Partial<FinalRow>): FinalReport {
  const first = row("winner", "m27", { search: measured(0.72, 0.03, "search"), final: measured(0.685, 0.04), ...winner });
  return {
    run: "demo",
    openedAt: "2026-01-02T03:04:05.000Z",
    winner: "m27",
    rows: [first, row("base", "m0"), row("sft_all", "m3")],
    shrinkage: 0.035,
    claim: { against: { label: "sft_all", model: "m3" }, difference: null, verdict: "tie", countsSeeds: false, text: "The claim." },
    confirmation: { settings: { candidates: 3, seeds: 0 }, rows: [], winner: "m27", failures: [] },
    standing: { evaluated: 40, eligible: 31, pareto: [], optimism: null, seedSd: null },
    selected: 3,
    retained: 1,
    openings: [],
  };
}

describe("renderFinal", () => {
  it.each([
    [measured(0.1, 0.04), "m27 is ahead of SFT on all data (same steps): +.100 [+.060, +.140], one training seed each."],
    [measured(-0.1, 0.04), "m27 is behind SFT on all data (same steps): −.100 [−.140, −.060], one training seed each."],
    [measured(0.01, 0.04), "m27 and SFT on all data (same steps) are a tie: +.010 [−.030, +.050], one training seed each."],
  ])("words the difference to SFT on all data by its verdict", (overSftAll, sentence) => {
    expect(renderFinal(reportOf({ overSftAll }))).toContain(`\n${sentence}\n`);
  });

  it("prefers the compute-matched baseline, and says nothing where there is none", () => {
    const both = { overSftAll: measured(0.1, 0.04), overSftAllCompute: measured(0, 0.04) };
    expect(renderFinal(reportOf(both))).toContain("m27 and SFT on all data (compute-matched) are a tie: ");
    expect(renderFinal(reportOf({}))).not.toContain("SFT on all data (");
  });

  it("shows how far the search score was off with an interval, beside the base's, and what became of the candidates", () => {
    const text = renderFinal(reportOf({}));
    expect(text).toContain(
      "\nIts search score minus its final score is +.035 [−.015, +.085]; the base's, which was not chosen for its score, +.010 [−.040, +.060].\n",
    );
    expect(text).toContain("Models: 40 evaluated, 31 eligible, 3 selected, 1 retained (ahead of the strongest baseline on confirm).");
  });
});
