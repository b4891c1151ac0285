import { describe, expect, it } from "vitest";
import { type Action, fullFidelity } from "#src/action/action.ts";
import { makePlan } from "#src/memory/make-plan.ts";
import type { Plan } from "#src/memory/plan.ts";
import { baselineActions } from "#src/policy/baselines.ts";
import { createPolicy } from "#src/policy/create-policy.ts";
import { landscapeConfig, SimulatedRun } from "#tests/fixtures/simulated-run.ts";

function plan(run: SimulatedRun, changes: { previous?: Plan; baselinesLeft?: number } = {}): Plan {
  return makePlan({ previous: null, baselinesLeft: 0, experience: run.experience, view: run, ...changes });
}

function preferences(run: SimulatedRun): Action[] {
  const [setting] = run.space.settings("dpo");
  return ["pref_math", "pref_format"].map((id) => ({
    type: "dpo",
    models: ["m0"],
    datasets: [id],
    setting: setting ?? {},
    seed: 0,
    fidelity: fullFidelity,
  }));
}

function withBaselines(seed: number, trials = 40): SimulatedRun {
  const config = landscapeConfig({ budget: { trials } });
  const run = new SimulatedRun(seed, config);
  for (const { action } of baselineActions(config, run.datasets, run.models.slice(0, 1))) run.finish(run.start(action), null, "baseline");
  return run;
}

describe("makePlan", () => {
  it("is for baselines while any is left", () => {
    const first = plan(new SimulatedRun(1), { baselinesLeft: 12 });
    expect(first).toMatchObject({ version: 1, phase: "baselines", by: "rules", tasks: [], fidelity: fullFidelity });
    expect(first.focus).toContain("12 are measured before anything is chosen");
  });

  it("explores what no trial has shown, and names it", () => {
    const run = withBaselines(2);
    const made = plan(run);
    expect(made.phase).toBe("explore");
    expect(made.focus).toContain("dpo on pref_math, dpo on pref_format");
    expect(made.until).toBe(5);
  });

  it("takes a first look below full fidelity where the steps are scarce, and says what that saves", async () => {
    const run = new SimulatedRun(2, landscapeConfig({ budget: { trials: 40, steps: 800 } }));
    const made = plan(run);
    expect(made).toMatchObject({ phase: "explore", fidelity: { data: 1, steps: 0.25 }, until: 7 });
    expect(made.focus).toMatch(/^Screen: one SFT on each of 7 datasets at 25 % of the steps, 140 steps in place of 560;/);
    run.plan = made;
    const proposals = await run.run(createPolicy("lookahead", run.config), 7);
    expect(proposals.map(({ action }) => action.fidelity.steps)).toEqual([0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25]);
    expect(run.budget.steps).toEqual({ left: 660, done: 140 });
    expect(plan(run).fidelity).toEqual(fullFidelity);
  });

  it.each([
    ["steps are not capped", { budget: { trials: 40 } }],
    ["the first look fits in full", { budget: { trials: 40, steps: 3200 } }],
    ["the run has no rungs", { budget: { trials: 40, steps: 800 }, rungs: [] }],
  ])("looks in full where %s", (_, changes) => {
    expect(plan(new SimulatedRun(2, landscapeConfig(changes))).fidelity).toEqual(fullFidelity);
  });

  it("takes the highest rung that leaves the search two thirds of the steps, else the lowest", () => {
    const rungs = [
      { data: 0.5, steps: 0.4 },
      { data: 0.25, steps: 0.1 },
      { data: 1, steps: 0.25 },
    ];
    const at = (steps: number) => plan(new SimulatedRun(2, landscapeConfig({ budget: { trials: 40, steps }, rungs }))).fidelity;
    expect(at(1000)).toEqual({ data: 0.5, steps: 0.4 });
    expect(at(600)).toEqual({ data: 1, steps: 0.25 });
    expect(at(120)).toEqual({ data: 0.25, steps: 0.1 });
  });

  it("confirms when the steps are used up", () => {
    const run = withBaselines(3);
    run.budget = { ...run.budget, steps: { left: 0, done: 800 } };
    expect(plan(run).phase).toBe("confirm");
    expect(plan(run).focus).toMatch(/^The steps of the budget are used up after 0 trials\. Confirm the best/);
  });

  it("combines when another model leads on a task, then exploits", async () => {
    const run = withBaselines(3);
    for (const action of preferences(run)) run.finish(run.start(action));
    await run.run(createPolicy("lookahead", landscapeConfig({ actions: { sft: { max_steps: 80 } } })), 9);
    const combining = plan(run);
    expect(combining.phase).toBe("combine");
    expect(combining.focus).toMatch(/m\d+ is ahead of the best, m\d+, on \w+ by \+\.\d+/);
    const next = plan(run, { previous: combining });
    expect(next).toMatchObject({ version: 2, phase: "exploit" });
    expect(next.focus).toMatch(/the last \d+ trials brought [+−]\.\d+; best is m\d+ at \.\d+ \(trial \d+\)/);
  });

  it("advises to stop when a window and half of the budget brought nothing beyond the noise", () => {
    const run = withBaselines(4);
    for (const action of preferences(run)) run.finish(run.start(action));
    for (let failure = 0; failure < 24; failure++) {
      const action = run.space.sample("sft", run.rng());
      run.decision += 1;
      if (action !== null) run.finish(run.start(action), "diverged");
    }
    const made = plan(run);
    expect(made.phase).toBe("stop");
    expect(made.focus).toMatch(
      /^I would stop here: 20 trials brought \+\.000 .*expected further gain \.000, under the noise floor \.030\.$/,
    );
  });

  it("advises to stop also where nothing moves and no noise is seen", () => {
    const run = withBaselines(4);
    for (const action of preferences(run)) run.finish(run.start(action));
    for (let failure = 0; failure < 24; failure++) {
      const action = run.space.sample("sft", run.rng());
      if (action !== null) run.finish(run.start(action), "diverged");
    }
    run.noiseFloor = 0;
    expect(plan(run).phase).toBe("stop");
  });

  it("goes on to confirm when the budget is spent", async () => {
    const run = withBaselines(5, 3);
    await run.run(createPolicy("random", run.config), 3);
    expect(plan(run)).toMatchObject({ phase: "confirm" });
  });
});
