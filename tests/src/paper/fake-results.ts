import { z } from "zod";
import type { ActionTypeName } from "#src/action/action.ts";
import type { Basis, PaperResult, Row } from "#src/paper/results.ts";
import type { RunRecord } from "#src/search/run-record.ts";

interface FakeTrial {
  type: ActionTypeName;
  models: string[];
  datasets: string[];
  aggregate: number;
}

/** A finished run of these trials; its models are m1, m2, … */
export function fakeRecord(world: number, trials: readonly FakeTrial[]): RunRecord {
  return {
    experiment: "test",
    arm: "default",
    world,
    seed: world,
    base: { math: 0.3, tool: 0.3 },
    trials: trials.map(({ type, models, datasets, aggregate }, index) => ({
      number: index + 1,
      action: z.json().parse({ type, models, datasets, setting: { max_steps: 80 }, seed: world, fidelity: { data: 1, steps: 1 } }),
      model: `m${index + 1}`,
      key: `key-${world}-${index + 1}`,
      scores: { math: aggregate, tool: aggregate },
      aggregate,
      steps: 80,
      failure: null,
      chosenBy: "lookahead",
      mode: "explore",
      reason: "Because.",
    })),
    readings: [],
  };
}

export function fakeBasis(seeds = 5): Basis {
  const items = { search: 200, final: 100 };
  return {
    config: "test",
    isTiny: true,
    base: "tiny-world:S/base",
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
    trials: 40,
    tasks: ["math", "tool"].map((id) => ({ id, weight: 0.5, items })),
  };
}

/** A row whose final scores over the seeds lie at `math` and `tool`, a little apart. */
export function fakeRow(row: Pick<Row, "id" | "label" | "kind">, { math, tool }: { math: number; tool: number }, seeds = 5): Row {
  const reads = Array.from({ length: seeds }, (_, seed) => {
    const shift = 0.005 * (seed - (seeds - 1) / 2);
    const final = { math: Math.max(0, math + shift), tool: Math.max(0, tool + shift) };
    return { seed, key: `${row.id}-${seed}`, steps: 80, search: { math: final.math + 0.02, tool: final.tool + 0.02 }, final };
  });
  return { ...row, reads, failures: [] };
}

/** Both tasks alike. */
export const same = (value: number) => ({ math: value, tool: value });

/** Experiment 1 with what a test wants to say of the search and of SFT on everything. */
export function fakeExperimentOne(search: number, all: number, seeds = 5): Extract<PaperResult, { part: "experiment-1" }> {
  return {
    part: "experiment-1",
    basis: fakeBasis(seeds),
    rows: [
      fakeRow({ id: "base", label: "base", kind: "base" }, same(0.4), seeds),
      fakeRow({ id: "lookahead", label: "search: lookahead", kind: "search" }, same(search), seeds),
      fakeRow({ id: "sft_all", label: "SFT on all data", kind: "all" }, same(all), seeds),
      fakeRow({ id: "sft words", label: "SFT on words", kind: "single" }, { math: 0, tool: 0.4 }, seeds),
    ],
    runs: [],
    lacks: [],
  };
}
