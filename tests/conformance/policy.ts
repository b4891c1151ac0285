import { describe, expect, it } from "vitest";
import type { RunConfig } from "#src/config/run-config.ts";
import { parentsBelowBase } from "#src/policy/below-base.ts";
import type { Policy } from "#src/policy/policy.ts";
import { landscapeConfig, SimulatedRun } from "#tests/fixtures/simulated-run.ts";

/** What every policy owes to the graph. @param createPolicy gives a fresh policy, which has observed nothing. */
export function policyConformance(name: string, createPolicy: (config: RunConfig) => Policy): void {
  describe(`${name} keeps the promises of a policy`, () => {
    it("proposes only actions that the space allows, and none twice", async () => {
      const run = new SimulatedRun(11);
      const policy = createPolicy(run.config);
      for (let turn = 0; turn < 20; turn++) {
        const proposal = await policy.propose(run, run.rng());
        expect(proposal).not.toBeNull();
        if (proposal === null) return;
        expect(run.space.check(proposal.action)).toEqual({ valid: true });
        run.decision += 1;
        policy.observe(run.finish(run.start(proposal.action)), run);
      }
    });

    it("never repeats what is under way", async () => {
      const run = new SimulatedRun(12);
      const policy = createPolicy(run.config);
      await run.run(policy, 9);
      for (let lane = 0; lane < 4; lane++) {
        const proposal = await policy.propose(run, run.rng());
        expect(proposal).not.toBeNull();
        if (proposal === null) return;
        expect(run.space.check(proposal.action)).toEqual({ valid: true });
        run.decision += 1;
        run.start(proposal.action);
      }
    });

    it("gives equal proposals for equal views and random streams, also after a restart", async () => {
      const run = new SimulatedRun(13);
      const policy = createPolicy(run.config);
      await run.run(policy, 12);
      const first = await policy.propose(run, run.rng());
      const again = await policy.propose(run, run.rng());
      const restarted = createPolicy(run.config);
      for (const trial of run.trials) restarted.observe(trial, run);
      expect(first).not.toBeNull();
      expect(again).toEqual(first);
      expect(await restarted.propose(run, run.rng())).toEqual(first);
    });

    it("explains itself with candidates, predictions and trials that exist", async () => {
      const run = new SimulatedRun(14);
      const policy = createPolicy(run.config);
      await run.run(policy, 13);
      const known = new Set(run.trials.map((trial) => trial.number));
      const proposal = await policy.propose(run, run.rng());
      expect(proposal?.reason).toMatch(/\S.*\.$/);
      expect(proposal?.chosenBy).not.toBe("");
      expect(proposal?.candidates[0]?.action).toEqual(proposal?.action);
      expect(proposal?.candidates.length).toBeLessThanOrEqual(20);
      expect(proposal?.candidatesConsidered).toBeGreaterThanOrEqual(proposal?.candidates.length ?? 1);
      const cited = [...(proposal?.evidence ?? []), ...(proposal?.effects ?? []).flatMap((effect) => effect.trials)];
      expect(cited.filter((trial) => !known.has(trial))).toEqual([]);
      for (const { prediction } of proposal?.candidates ?? []) {
        if (prediction === null) continue;
        expect(prediction.low).toBeLessThanOrEqual(prediction.mean);
        expect(prediction.high).toBeGreaterThanOrEqual(prediction.mean);
        expect(Object.keys(prediction.tasks)).toEqual(run.tasks);
      }
    });

    it("ends with null when nothing is left", async () => {
      const config = landscapeConfig({ actions: { sft: { max_steps: 80 } }, max_depth: 1, mixture_datasets: 1 });
      const run = new SimulatedRun(15, config);
      const proposals = await run.run(createPolicy(config), 10);
      expect(proposals.map((proposal) => proposal.action.datasets[0] ?? "").toSorted((a, b) => a.localeCompare(b))).toEqual([
        "common",
        "common_name",
        "math",
        "math_noisy",
        "math_words",
        "trivia",
        "trivia_noisy",
      ]);
    });

    it("goes on after failed trials without repeating them", async () => {
      const run = new SimulatedRun(16);
      const policy = createPolicy(run.config);
      for (let turn = 0; turn < 14; turn++) {
        const proposal = await run.step(policy, () => (turn % 3 === 2 ? "out_of_memory" : null));
        expect(proposal).not.toBeNull();
      }
      const actions = run.trials.map((trial) => JSON.stringify(trial.action));
      expect(new Set(actions).size).toBe(actions.length);
    });

    it("proposes nothing that people banned", async () => {
      const run = new SimulatedRun(17);
      const policy = createPolicy(run.config);
      await run.run(policy, 8);
      run.direct({ kind: "ban", object: "math" });
      run.direct({ kind: "ban", actionType: "merge_ties" });
      const proposals = await run.run(policy, 8);
      expect(proposals.filter(({ action }) => action.type === "merge_ties" || action.datasets.includes("math"))).toEqual([]);
      expect(proposals.flatMap(({ next }) => next.flatMap((step) => step.datasets))).not.toContain("math");
    });

    it("builds on a model below its base only when it says so", async () => {
      const run = new SimulatedRun(20);
      const proposals = await run.run(createPolicy(run.config), 20);
      for (const { action, reason } of proposals) {
        for (const id of parentsBelowBase(action, run)) expect(reason).toMatch(new RegExp(`\\b${id}\\b`));
      }
    });

    it("leaves the view as it was", async () => {
      const run = new SimulatedRun(18);
      const policy = createPolicy(run.config);
      await run.run(policy, 8);
      const before = JSON.stringify([run.models, run.datasets, run.trials, [...run.scores], run.pending, run.plan, run.space.size()]);
      await policy.propose(run, run.rng());
      expect(JSON.stringify([run.models, run.datasets, run.trials, [...run.scores], run.pending, run.plan, run.space.size()])).toBe(before);
    });

    it("stops when it is told to", async () => {
      const run = new SimulatedRun(19);
      await expect(createPolicy(run.config).propose(run, run.rng(), AbortSignal.abort())).rejects.toThrow();
    });
  });
}
