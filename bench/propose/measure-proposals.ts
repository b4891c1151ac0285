import { performance } from "node:perf_hooks";
import { createPolicy } from "#src/policy/create-policy.ts";
import { SimulatedRun } from "#tests/fixtures/simulated-run.ts";

/** Times of proposals in milliseconds. */
export interface ProposalTimes {
  /** Sorted. */
  proposeMs: number[];
  /** Mean time that the policy took to observe one of the trials before. */
  observeMs: number;
}

/** A run with so many random trials behind it, and the times of a few lookahead proposals that follow. */
export async function measureProposals(trials: number, proposals: number): Promise<ProposalTimes> {
  const run = new SimulatedRun(7);
  const random = createPolicy("random", run.config);
  const lookahead = createPolicy("lookahead", run.config);
  for (let trial = 0; trial < trials; trial++) await run.step(random);
  const began = performance.now();
  for (const trial of run.trials) lookahead.observe(trial, run);
  const observeMs = (performance.now() - began) / trials;
  // Proposals of the first moments time the compiler, not the policy.
  await run.run(lookahead, 3);
  const times: number[] = [];
  for (let proposal = 0; proposal < proposals; proposal++) {
    const start = performance.now();
    const choice = await lookahead.propose(run, run.rng());
    times.push(performance.now() - start);
    if (choice === null) break;
    run.decision += 1;
    lookahead.observe(run.finish(run.start(choice.action)), run);
  }
  return { proposeMs: times.toSorted((a, b) => a - b), observeMs };
}
