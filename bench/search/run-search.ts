import { weigh } from "#src/memory/experience.ts";
import type { Policy } from "#src/policy/policy.ts";
import type { JSONValue } from "../json.ts";
import type { Reading, RunRecord } from "./run-record.ts";
import { SearchRun } from "./search-run.ts";
import type { SearchWorld } from "./search-world.ts";

/** Where a run is read: after so many trials, or before the training steps go past a budget. */
export interface ReadingPoints {
  trials: readonly number[];
  steps: readonly number[];
}

export interface SearchInput {
  experiment: string;
  arm: string;
  worldNumber: number;
  world: SearchWorld;
  policy: Policy;
  trials: number;
  points: ReadingPoints;
}

/** Lets a policy search a world to the end of its budget, and opens `final` for what it would have chosen at each point. */
export async function runSearch({ experiment, arm, worldNumber, world, policy, trials, points }: SearchInput): Promise<RunRecord> {
  const run = await SearchRun.open(world, { seed: worldNumber, trials });
  const rows: RunRecord["trials"] = [];
  while (rows.length < trials) {
    const turn = await run.step(policy);
    if (turn === null) break;
    const { trial, proposal, made } = turn;
    const action: JSONValue = JSON.parse(JSON.stringify(trial.action));
    rows.push({
      number: trial.number,
      action,
      model: trial.model,
      key: made.kind === "made" ? made.key : null,
      scores: trial.scores,
      aggregate: trial.scores === null ? null : weigh(trial.scores, run.weights),
      steps: trial.steps,
      failure: trial.failure,
      chosenBy: proposal.chosenBy,
      mode: proposal.mode,
      reason: proposal.reason,
    });
  }
  const readings: Reading[] = [];
  const finals = new Map<string, Record<string, number>>();
  const read = async (at: string, done: RunRecord["trials"]) => {
    const ids = [world.base.id, ...done.flatMap((row) => row.model ?? [])];
    const scoreOf = (id: string) => weigh(run.scores.get(id) ?? {}, run.weights);
    const best = ids.reduce((leader, id) => (scoreOf(id) > scoreOf(leader) ? id : leader));
    const model = run.modelsById.get(best) ?? world.base;
    const final = finals.get(best) ?? (await world.openFinal(model));
    finals.set(best, final);
    const steps = done.reduce((sum, row) => sum + row.steps, 0);
    readings.push({
      at,
      trials: done.length,
      steps,
      model: best,
      search: scoreOf(best),
      final: weigh(final, run.weights),
      finalTasks: { ...final },
    });
  };
  for (const count of points.trials) await read(`${count} trials`, rows.slice(0, count));
  for (const budget of points.steps) await read(`${budget} steps`, withinSteps(rows, budget));
  return { experiment, arm, world: worldNumber, seed: worldNumber, base: { ...(await world.scoreBase()) }, trials: rows, readings };
}

/** The first trials whose training steps together stay within a budget. */
function withinSteps(rows: RunRecord["trials"], budget: number): RunRecord["trials"] {
  let spent = 0;
  const end = rows.findIndex((row) => {
    spent += row.steps;
    return spent > budget;
  });
  return end < 0 ? rows : rows.slice(0, end);
}
