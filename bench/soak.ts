import type { Bench, BenchContext } from "./bench.ts";
import { type Clusters, withClusters } from "./engines/clusters.ts";
import { type Leg, type LegResult, runLeg } from "./soak/leg.ts";
import { localLeg, rayLeg, slurmLeg } from "./soak/legs.ts";
import { startOwnPostgres } from "#tests/fixtures/own-postgres.ts";

const unit = "differences, violations and leftovers";
/** Jobs of four lanes run at once, also where there are fewer cores. */
const size = { cpus: 4, gpus: 2 };

/** How often each kind was killed in all legs. */
function sum(results: readonly LegResult[]): Record<string, number> {
  const count: Record<string, number> = {};
  for (const result of results) for (const [kind, times] of result.count) count[kind] = (count[kind] ?? 0) + times;
  return count;
}

type OpenLeg = () => Promise<Leg>;

/** Short legs wait most of their time, for heads that come back. */
function sideBySide(legs: readonly OpenLeg[], context: BenchContext): Promise<LegResult[]> {
  return Promise.all(legs.map(async (open) => runLeg(await open(), context)));
}

async function inTurn(legs: readonly OpenLeg[], context: BenchContext, clusters: Clusters): Promise<LegResult[]> {
  const results: LegResult[] = [];
  for (const open of legs) {
    results.push(await runLeg(await open(), context));
    await clusters.stop();
  }
  return results;
}

async function soak(context: BenchContext) {
  const { smoke } = context;
  const kills = smoke ? 20 : 200;
  const target = `0 after ${kills} kills: same hashes and table; nothing finished lost; no key twice; 0 orphans, 0 stuck leases`;
  const postgres = await startOwnPostgres();
  if (postgres === null) return { value: null, unit, target, pass: null, details: { lacks: "PostgreSQL's server programs" } };
  try {
    return await withClusters(size, { unit, target }, async (clusters) => {
      const legs: OpenLeg[] = [async () => localLeg(smoke, postgres), () => slurmLeg(smoke, clusters), () => rayLeg(smoke, clusters)];
      const results = await (smoke ? sideBySide(legs, context) : inTurn(legs, context, clusters));
      const problems = results.flatMap((result) => result.problems);
      const done = results.reduce((total, result) => total + result.kills, 0);
      return {
        value: problems.length,
        pass: problems.length === 0 && done >= kills,
        details: {
          kills: done,
          ...sum(results),
          legs: results.map(({ kills: ofLeg, trials, attempts, replies, seconds }) => ({
            kills: ofLeg,
            trials,
            attempts,
            replies,
            seconds,
          })),
          problems: problems.slice(0, 10),
        },
      };
    });
  } finally {
    await postgres.stop();
  }
}

/** Four lanes under fire, on each engine, against the recorded order in peace. */
export const bench: Bench = {
  name: "soak",
  describe:
    "4 lanes on PostgreSQL, Slurm and Ray, 200 SIGKILLs over conductor, worker, runner, script, backend and heads: the recorded order in peace gives the same table",
  run: soak,
};
