import { createRng } from "#src/policy/rng.ts";
import { openStore } from "#src/store/open-store.ts";
import { sampleConfig, storeSampleRun } from "#tests/conformance/store/samples.ts";
import type { Bench } from "./bench.ts";
import { type RaceOutcome, runRace } from "./races/race.ts";

const sum = (outcomes: readonly RaceOutcome[], pick: (outcome: RaceOutcome) => number) =>
  outcomes.reduce((total, outcome) => total + pick(outcome), 0);

/** Approvals that several people, the terminal and the clock decide at the same time, on two connections. */
export const bench: Bench = {
  name: "races",
  describe:
    "approvers click Approve and Reject on one card while the terminal decides and it expires: one decision each, no job without one",
  async run({ scratch, smoke, print }) {
    const races = smoke ? 60 : 1000;
    const clock = { now: new Date("2026-01-02T03:04:05.000Z") };
    const open = () => openStore({ home: scratch, now: () => clock.now });
    const stores = [await open(), await open()] as const;
    const outcomes: RaceOutcome[] = [];
    try {
      const config = sampleConfig({ budget: { trials: races + 1 }, approval: { over: { device_hours: 0 } } });
      const run = await storeSampleRun(stores[0], { config });
      for (let number = 1; number <= races; number++) {
        outcomes.push(await runRace({ stores, run, number, rng: createRng(7, "race", number), clock }));
        if (number % 100 === 0) print(`${number} of ${races} races`);
      }
    } finally {
      for (const store of stores) await store.close();
    }
    const count = (state: RaceOutcome["state"]) => outcomes.filter((outcome) => outcome.state === state).length;
    const [approved, rejected, expired] = [count("approved"), count("rejected"), count("expired")];
    const decidedOnce = outcomes.filter(({ winners }) => winners === 1).length;
    const unapproved = sum(outcomes, ({ unapprovedJobs }) => unapprovedJobs);
    const ran = sum(outcomes, ({ approvedJobs }) => approvedJobs);
    const [losers, told] = [sum(outcomes, (outcome) => outcome.losers), sum(outcomes, (outcome) => outcome.told)];
    return {
      value: decidedOnce,
      unit: "races with one decision",
      target: `${races}, some of each kind; 0 jobs without an approval, and the approved ones run; every loser told who was first`,
      pass:
        decidedOnce === races &&
        Math.min(approved, rejected, expired) > 0 &&
        unapproved === 0 &&
        ran === approved &&
        told === losers &&
        losers > 0,
      details: { races, approved, rejected, expired, jobsWithoutApproval: unapproved, jobsApproved: ran, losers, losersTold: told },
    };
  },
};
