import { describe, expect, it } from "vitest";
import { type Action, fullFidelity, isMerge } from "#src/action/action.ts";
import { baselineActions } from "#src/policy/baselines.ts";
import { weigh } from "#src/memory/experience.ts";
import { createPolicy } from "#src/policy/create-policy.ts";
import { keepsFloors } from "#src/score/floors.ts";
import type { TaskScores } from "#src/policy/policy.ts";
import { landscapeConfig, SimulatedRun } from "#tests/fixtures/simulated-run.ts";

const sftSets = ["common", "common_name", "math", "math_noisy", "math_words", "trivia", "trivia_noisy"];

/** Best score among the models that keep a floor, where nearly all of the weight is on a task whose data lower the floor's. */
async function bestKept(seed: number, isToldFloors: boolean): Promise<number> {
  const run = new SimulatedRun(seed, landscapeConfig({ budget: { trials: 24 } }));
  run.weights = { math: 0.95, trivia: 0.025, common: 0.025 };
  const floors = { trivia: (run.scores.get("m0")?.trivia ?? 0) + 0.02 };
  if (isToldFloors) run.floors = floors;
  await run.run(createPolicy("lookahead", run.config), 24);
  const kept = [...run.scores.values()].filter((scores) => keepsFloors(scores, floors));
  return Math.max(...kept.map((scores) => weigh(scores, run.weights)));
}

/** Ten choices after a common start and what `prepare` changes. */
async function chosen(prepare: (run: SimulatedRun) => void): Promise<Action[]> {
  const run = new SimulatedRun(8);
  const policy = createPolicy("lookahead", run.config);
  await run.run(policy, 12);
  prepare(run);
  return (await run.run(policy, 10)).map(({ action }) => action);
}

function count(actions: readonly Action[], dataset: string): number {
  return actions.filter((action) => action.datasets.includes(dataset)).length;
}

describe("LookaheadPolicy", () => {
  it("starts with one full SFT of the base on each dataset, in random order", async () => {
    const orders = await Promise.all(
      [1, 2].map(async (seed) => {
        const run = new SimulatedRun(seed);
        return (await run.run(createPolicy("lookahead", run.config), 7)).map(({ action, mode }) => ({
          dataset: action.datasets[0] ?? "",
          steps: action.setting["max_steps"],
          mode,
        }));
      }),
    );
    for (const order of orders) {
      expect(order.map(({ dataset }) => dataset).toSorted()).toEqual(sftSets);
      expect(order.every(({ steps, mode }) => steps === 80 && mode === "cold-start")).toBe(true);
    }
    expect(orders[0]).not.toEqual(orders[1]);
  });

  it("ends the cold start with the mixture of the datasets that alone raised each task most", async () => {
    const run = new SimulatedRun(2);
    const policy = createPolicy("lookahead", run.config);
    const proposals = await run.run(policy, 9);
    const mixture = proposals.find(({ action }) => action.datasets.length > 1);
    expect(mixture?.mode).toBe("cold-start");
    const gain = (dataset: string, task: string) => {
      const trial = run.trials.find(({ action }) => action.datasets.join() === dataset);
      return (trial?.scores?.[task] ?? 0) - (run.scores.get("m0")?.[task] ?? 0);
    };
    for (const dataset of mixture?.action.datasets ?? []) {
      expect(
        run.tasks.some((task) => gain(dataset, task) > 0.03 && sftSets.every((other) => gain(other, task) <= gain(dataset, task))),
      ).toBe(true);
    }
    expect(mixture?.evidence).toHaveLength(mixture?.action.datasets.length ?? 0);
    expect(proposals.filter(({ mode }) => mode === "cold-start")).toHaveLength(8);
  });

  it("goes on with preference sets where a task stands still after the single SFTs", async () => {
    const run = new SimulatedRun(2);
    const policy = createPolicy("lookahead", run.config);
    await run.run(policy, 8);
    run.plan = { ...run.plan, until: 100 };
    for (const id of run.scores.keys()) run.scores.set(id, Object.fromEntries(run.tasks.map((task) => [task, 0])));
    const proposal = await policy.propose(run, run.rng());
    expect(proposal).toMatchObject({ mode: "cold-start", action: { type: "dpo", models: ["m0"] } });
    expect(proposal?.reason).toContain(`no model has raised ${run.tasks[0]} much above m0's .000 yet`);
  });

  it("searches over the temperature of mixtures, and gives trainings on one dataset none", async () => {
    const actions = { sft: { max_steps: [80, 20], mixture_temperature: { min: 1, max: 8, scale: "log" } } };
    const run = new SimulatedRun(3, landscapeConfig({ actions }));
    const chosenActions = (await run.run(createPolicy("lookahead", run.config), 30)).map(({ action }) => action);
    const temperatures = chosenActions.flatMap(({ datasets, setting }) => (datasets.length > 1 ? [setting["mixture_temperature"]] : []));
    expect(new Set(temperatures).size).toBeGreaterThan(3);
    expect(temperatures.every((value) => typeof value === "number" && value >= 1 && value <= 8)).toBe(true);
    const single = chosenActions.filter(({ datasets }) => datasets.length === 1);
    expect(single.length).toBeGreaterThan(0);
    expect(single.filter(({ setting }) => "mixture_temperature" in setting)).toEqual([]);
  });

  it("does the mixture again on the model that it made, as long as that gains more than the noise", async () => {
    const run = new SimulatedRun(2);
    const policy = createPolicy("lookahead", run.config);
    await run.run(policy, 8);
    run.plan = { ...run.plan, until: 100 };
    const mixed = run.trials.at(-1);
    expect(mixed?.action.datasets.length).toBeGreaterThan(1);
    const scoreOf = (scores: TaskScores | null | undefined) => weigh(scores ?? {}, run.weights);
    const { noiseFloor } = run;
    // As if the datasets together had helped a lot, and once more, and then no more.
    for (const gain of [0.2, 0.1, 0]) {
      const last = run.trials.at(-1);
      const best = Math.max(...run.trials.slice(0, -1).map(({ scores }) => scoreOf(scores)));
      const scores = Object.fromEntries(run.tasks.map((task) => [task, best + gain]));
      if (last?.model != null) run.scores.set(last.model, scores);
      if (last !== undefined) last.scores = scores;
      const proposal = await policy.propose(run, run.rng());
      if (gain <= (noiseFloor ?? 0.03)) {
        expect(proposal?.mode).not.toBe("cold-start");
        continue;
      }
      expect(proposal?.action).toEqual({ ...mixed?.action, models: [last?.model] });
      expect(proposal?.reason).toContain(`does once more what made ${last?.model}`);
      expect(proposal?.evidence).toEqual([last?.number]);
      await run.step(policy);
    }
  });

  it("takes nothing that the steps left do not afford, prefers what is cheap for its gain, and says so", { timeout: 120_000 }, async () => {
    const run = new SimulatedRun(4, landscapeConfig({ budget: { trials: 40, steps: 400 } }));
    const policy = createPolicy("lookahead", run.config);
    const spent: number[] = [];
    while ((run.budget.steps?.left ?? 0) > 0 && run.trials.length < 40) {
      const proposal = await run.step(policy);
      spent.push(run.trials.at(-1)?.steps ?? 0);
      if (proposal?.mode !== "cold-start") expect(proposal?.reason).toMatch(/of the \d+ steps left; they run out before the trials/);
    }
    expect(spent.reduce((sum, steps) => sum + steps, 0)).toBeLessThanOrEqual(400);
    // Full trainings alone would be five.
    expect(spent.filter((steps) => steps > 0).length).toBeGreaterThan(8);
  });

  it("chooses as without a cap where the steps outlast the trials", async () => {
    const choices = await Promise.all(
      [{ trials: 12 }, { trials: 12, steps: 12 * 80 }].map(async (budget) => {
        const run = new SimulatedRun(4, landscapeConfig({ budget }));
        return run.run(createPolicy("lookahead", run.config), 10);
      }),
    );
    expect(choices[1]).toEqual(choices[0]);
  });

  it("tells of a promotion: the rank at low fidelity, its trial, and what such ranks are worth", async () => {
    const run = new SimulatedRun(6, landscapeConfig({ budget: { trials: 30, steps: 1200 } }));
    const policy = createPolicy("lookahead", run.config);
    run.plan = { ...run.plan, fidelity: { data: 1, steps: 0.25 } };
    await run.run(policy, 7);
    run.plan = { ...run.plan, fidelity: fullFidelity };
    const reasons = (await run.run(policy, 12)).map(({ reason }) => reason);
    expect(reasons.join("\n")).toMatch(
      /Promoted: with 25 % of the steps it came [1-7].* of 7 \(trials? .*\); such ranks are taken to be worth 0\.80/,
    );
  });

  it("leaves out of the cold start what baselines have shown, and what is under way", async () => {
    const run = new SimulatedRun(3);
    const policy = createPolicy("lookahead", run.config);
    const singles = baselineActions(run.config, run.datasets, run.models).filter(({ label }) => label === "single");
    for (const { action } of singles.slice(0, 5)) policy.observe(run.finish(run.start(action), null, "baseline"), run);
    for (const { action } of singles.slice(5, 6)) run.start(action);
    const proposals = [await policy.propose(run, run.rng())];
    run.start(proposals[0]!.action);
    proposals.push(await policy.propose(run, run.rng()));
    expect(proposals[0]?.mode).toBe("cold-start");
    expect(proposals[0]?.action.datasets).toEqual(singles[6]?.action.datasets);
    expect(proposals[1]?.mode).not.toBe("cold-start");
  });

  it("states predictions whose intervals hold what comes", { timeout: 120_000 }, async () => {
    let held = 0;
    let asked = 0;
    let width = 0;
    for (const seed of [5]) {
      const run = new SimulatedRun(seed);
      const policy = createPolicy("lookahead", run.config);
      await run.run(policy, 10);
      for (let trial = 0; trial < 30; trial++) {
        const prediction = (await run.step(policy))?.candidates[0]?.prediction ?? null;
        const score = weigh(run.trials.at(-1)?.scores ?? {}, run.weights);
        if (prediction === null) continue;
        asked += 1;
        width += prediction.high - prediction.low;
        if (score >= prediction.low && score <= prediction.high) held += 1;
      }
    }
    expect(held / asked).toBeGreaterThan(0.85);
    expect(width / asked).toBeLessThan(0.35);
  });

  it("cites the trials of the same kind, and names what it hopes to do next", async () => {
    const run = new SimulatedRun(7);
    const policy = createPolicy("lookahead", run.config);
    const proposals = await run.run(policy, 22);
    for (const { action, evidence, reason, mode } of proposals.slice(10)) {
      const same = run.trials.filter(
        (trial) => trial.action.type === action.type && trial.action.datasets.join() === action.datasets.join(),
      );
      const cited = same.filter((trial) => evidence.includes(trial.number));
      if (mode !== "cold-start" && cited.length > 0) expect(reason).toMatch(/trials? (…, )?\d+/);
      expect(reason).toMatch(/^(The policy predicted \.\d{3} \[|Cold start: )/);
    }
    expect(proposals.some(({ next }) => next.length > 0)).toBe(true);
  });

  it("turns to what people prefer, and lets weights decide", { timeout: 120_000 }, async () => {
    const usual = await chosen(() => undefined);
    const preferring = await chosen((run) => run.direct({ kind: "prefer", object: "trivia" }));
    expect(count(preferring, "trivia")).toBeGreaterThan(count(usual, "trivia"));
    const weighed = await chosen((run) => (run.weights = { math: 0, trivia: 0, common: 1 }));
    expect(count(weighed, "common") + count(weighed, "pref_format")).toBeGreaterThan(count(usual, "common"));
  });

  it("keeps the plan's word at the end of a stretch: a merge when it combines, something unknown when it explores", async () => {
    const run = new SimulatedRun(9);
    const policy = createPolicy("lookahead", run.config);
    await run.run(policy, 8);
    const known = new Set(run.trials.flatMap(({ action }) => action.datasets));
    run.plan = { ...run.plan, phase: "explore", until: run.decision };
    const explored = await run.step(policy);
    expect(known.has(explored?.action.datasets[0] ?? "")).toBe(false);
    run.plan = { ...run.plan, phase: "combine", until: run.decision };
    const recentMerge = run.trials.slice(-3).some(({ action }) => isMerge(action.type));
    const combined = await run.step(policy);
    expect(recentMerge || isMerge(combined?.action.type ?? "sft")).toBe(true);
  });

  it("looks for models that keep the floors", { timeout: 60_000 }, async () => {
    let gained = 0;
    for (const seed of [1, 2, 3]) gained += (await bestKept(seed, true)) - (await bestKept(seed, false));
    expect(gained).toBeGreaterThan(0.1);
  });

  it("learns the run again when a dataset joins it", async () => {
    const run = new SimulatedRun(10);
    const policy = createPolicy("lookahead", run.config);
    await run.run(policy, 9);
    const late = { ...run.datasets[0]!, id: "late", key: "key-late" };
    run.datasets.push(late);
    run.space.addDataset(late);
    const fresh = createPolicy("lookahead", run.config);
    for (const trial of run.trials) fresh.observe(trial, run);
    const proposal = await policy.propose(run, run.rng());
    expect(proposal?.action.datasets).toEqual(["late"]);
    expect(proposal).toEqual(await fresh.propose(run, run.rng()));
  });

  it("works with ranges, SLERP, weighted merges and no SFT at all", { timeout: 120_000 }, async () => {
    const wide = landscapeConfig({
      actions: {
        sft: { max_steps: [80, 40], learning_rate: { min: 1e-4, max: 1e-2, scale: "log" } },
        kto: { max_steps: 40 },
        merge_linear: { weights: ["equal", [0.7, 0.3]] },
        merge_slerp: { t: [0.3, 0.5] },
        merge_task_arithmetic: { lambda: [0.5, 1] },
        merge_dare_ties: { density: 0.5 },
      },
    });
    const rich = new SimulatedRun(11, wide);
    const proposals = await rich.run(createPolicy("lookahead", wide), 24);
    expect(proposals).toHaveLength(24);
    const merging = landscapeConfig({ actions: { dpo: { max_steps: 40 }, merge_linear: {} } });
    const poor = new SimulatedRun(12, merging);
    expect(await poor.run(createPolicy("lookahead", merging), 12)).toHaveLength(12);
  });
});
