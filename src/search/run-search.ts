import { z } from "zod";
import { weigh } from "../memory/experience.ts";
import type { Action } from "../action/action.ts";
import type { Reading, RunRecord } from "./run-record.ts";
import { keepsFloors } from "../score/floors.ts";
import { SearchRun, type SearchRoles } from "./search-run.ts";
import type { Made, SearchWorld } from "./search-world.ts";
import type { ObservedTrial, TaskScores } from "../policy/policy.ts";

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
  roles: SearchRoles;
  trials: number;
  points: ReadingPoints;
  /** Fixed trials on the base before the search, beside its budget; they are in the record, and their models may win. */
  start?: readonly Action[];
}

type Row = RunRecord["trials"][number];
type Chooser = Pick<Row, "chosenBy" | "mode" | "reason">;

function rowOf(trial: ObservedTrial, made: Made, weights: TaskScores, { chosenBy, mode, reason }: Chooser): Row {
  return {
    number: trial.number,
    action: z.json().parse(trial.action),
    model: trial.model,
    key: made.kind === "made" ? made.key : null,
    scores: trial.scores,
    aggregate: trial.scores === null ? null : weigh(trial.scores, weights),
    steps: trial.steps,
    failure: trial.failure,
    chosenBy,
    mode,
    reason,
  };
}

/** Lets a policy search a world to the end of its budget, and opens `final` for what it would have chosen at each point. */
export async function runSearch(input: SearchInput): Promise<RunRecord> {
  const { experiment, arm, worldNumber, world, roles, trials, points, start = [] } = input;
  const run = await SearchRun.open(world, { seed: worldNumber, trials });
  const rows: Row[] = [];
  for (const action of start) {
    const { trial, made } = await run.give(action, roles);
    rows.push(rowOf(trial, made, run.weights, { chosenBy: "start", mode: "baseline", reason: "Given before the search." }));
  }
  while (rows.length < start.length + trials && !isReadable(rows, points)) {
    const turn = await run.step(roles);
    if (turn === null) break;
    rows.push(rowOf(turn.trial, turn.made, run.weights, turn.proposal));
  }
  const readings: Reading[] = [];
  const finals = new Map<string, Record<string, number>>();
  const read = async (at: string, done: RunRecord["trials"]) => {
    const isSound = (id: string) => keepsFloors(run.scores.get(id) ?? {}, run.floors);
    const ids = [world.base.id, ...done.flatMap(({ model }) => (model !== null && isSound(model) ? [model] : []))];
    const scoreOf = (id: string) => weigh(run.scores.get(id) ?? {}, run.weights);
    const best = ids.reduce((leader, id) => (scoreOf(id) > scoreOf(leader) ? id : leader));
    const model = run.modelsById.get(best) ?? world.base;
    const final = finals.get(best) ?? (await world.openFinal(model, run.modelsById));
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
  for (const count of points.trials) await read(`${count} trials`, rows.slice(0, start.length + count));
  for (const budget of points.steps) await read(`${budget} steps`, withinSteps(rows, budget));
  return { experiment, arm, world: worldNumber, seed: worldNumber, base: { ...(await world.scoreBase()) }, trials: rows, readings };
}

/** Whether no further trial can change a reading: every one is at so many steps, and these are done. */
function isReadable(rows: RunRecord["trials"], { trials, steps }: ReadingPoints): boolean {
  const spent = rows.reduce((sum, row) => sum + row.steps, 0);
  return trials.length === 0 && steps.length > 0 && spent > Math.max(...steps);
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
