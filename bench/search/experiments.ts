import type { SearchPlan } from "./search-arms.ts";

interface Experiment {
  /** Worlds that the target asks for. */
  worlds: number;
  plan(smoke: boolean, worlds: readonly number[]): SearchPlan;
}

/** Training steps that `search-cost` reads experiment 1 at, and its worlds: with 27 the widest of nine half-widths was .024, with 48 it is .016. */
export const costPoints = [400, 800, 1600];
export const costWorlds = 48;

/** Experiment 1: three skills into one base. Nine worlds are asked for at least; with nine, chance moves a mean by .01. */
export const experimentOne: Experiment = {
  worlds: 16,
  plan: (smoke, worlds) => ({
    experiment: smoke ? "three-skills, smoke" : "three-skills",
    example: "three-skills.yaml",
    arms: ["default", "tpe", "greedy", "random"],
    worlds,
    trials: smoke ? 2 : 40,
    points: { trials: smoke ? [1, 2] : [10, 40], steps: costPoints },
  }),
};

/** Experiment 2: tool use without losing instruction following. */
export const experimentTwo: Experiment = {
  worlds: 12,
  plan: (smoke, worlds) => ({
    experiment: smoke ? "tool-use, smoke" : "tool-use",
    example: "tool-use.yaml",
    arms: ["default"],
    worlds,
    trials: smoke ? 2 : 40,
    points: { trials: smoke ? [2] : [10, 40], steps: [] },
  }),
};
