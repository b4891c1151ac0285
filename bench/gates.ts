import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import type { Bench, BenchContext } from "./bench.ts";
import { findOverlaps, type Found } from "./gates/find-overlaps.ts";
import { TrainingJudge } from "./gates/judge-trainings.ts";
import { failures, honest, type Training } from "./gates/trainings.ts";
import { Lab } from "#tools/lab/lab.ts";

const leastOfGrams = 0.95;
const mostFalse = 0.01;

const tasks = ["math", "trivia", "common", "instr", "tool"];
const sets = ["math", "math_noisy", "math_words", "trivia", "trivia_noisy", "common", "common_name"];
const moreSets = ["instr", "tool_brace", "tool_fixed", "pref_math", "pref_format", "pref_tool"];

function share(found: readonly Found[], kind: Found["kind"]): number {
  const own = found.filter((each) => each.kind === kind);
  return own.reduce((sum, each) => sum + each.found, 0) / own.reduce((sum, each) => sum + each.rows, 0);
}

/** Found shares of the exact and n-gram plantings in the way and the items where they are least, and of clean rows where they are most. */
function worst(found: readonly Found[], kind: Found["kind"]): number {
  const shares = found.filter((each) => each.kind === kind).map((each) => each.found / each.rows);
  return kind === "clean" ? Math.max(...shares) : Math.min(...shares);
}

async function overlaps({ smoke, scratch, options, print }: BenchContext, lab: Lab) {
  const found = await findOverlaps({
    directory: join(scratch, "overlaps"),
    lab,
    worlds: smoke ? [0] : [0, 1, 2, 3, 4],
    sets: smoke ? ["math", "common"] : [...sets, ...moreSets],
    tasks: smoke ? ["math", "common"] : tasks,
    planted: smoke ? 20 : 300,
    stories: smoke ? 200 : 3000,
    data: options.data === null ? null : resolve(options.data),
  });
  for (const { of, items, kind, rows, found: count } of found) {
    if (kind !== "clean" || count > 0) print(`${items}, ${kind}, ${of}: ${count} of ${rows} rows found`);
  }
  const clean = found.filter((each) => each.kind === "clean");
  print(`clean rows found: ${clean.reduce((sum, each) => sum + each.found, 0)} of ${clean.reduce((sum, each) => sum + each.rows, 0)}`);
  return found;
}

async function trainings({ smoke, scratch, print }: BenchContext, lab: Lab) {
  const short = (all: readonly Training[], count: number) => (smoke ? all.slice(0, count) : all);
  const induced = short(failures, 2);
  const good = short(honest, 2);
  const judge = await TrainingJudge.open(lab, join(scratch, "trainings"), [...induced, ...good]);
  const ask = async (training: Training) => {
    const { learning, answers } = await judge.alarms(training);
    print(`${training.name}: ${[learning ?? "learnt", ...answers].join("; ").slice(0, 200)}`);
    return { name: training.name, learning, answers };
  };
  return { induced: await Promise.all(induced.map(ask)), honest: await Promise.all(good.map(ask)) };
}

/** What the gates find of what they are there for, and what they hold against what is in order. */
export const bench: Bench = {
  name: "gates",
  describe: "planted overlaps and induced failures that the gates find, and their false alarms; --data DIR adds real questions (gsm8k)",
  async run(context) {
    const lab = new Lab({
      python: join(context.root, ".venv/bin/python"),
      home: context.scratch,
      lanes: context.options.lanes ?? Math.min(4, availableParallelism()),
    });
    try {
      const found = await overlaps(context, lab);
      const { induced, honest: good } = await trainings(context, lab);
      const missed = induced.filter(({ learning, answers }) => learning === null && answers.length === 0).map(({ name }) => name);
      // Broken answers are there for everybody to see, also where a training on one task has spoilt another.
      const falseAlarms = good.filter(({ learning }) => learning !== null).map(({ name }) => name);
      const isMet =
        worst(found, "exact") === 1 &&
        worst(found, "n-gram") >= leastOfGrams &&
        worst(found, "clean") <= mostFalse &&
        missed.length === 0 &&
        falseAlarms.length === 0;
      return {
        value: Number(worst(found, "n-gram").toFixed(3)),
        unit: "share of n-gram overlaps found, in the way and the items where it is least",
        target: `exact 1, n-gram >= ${leastOfGrams}, clean rows <= ${mostFalse}; 12 of 12 failures, 0 of 36 false alarms`,
        pass: isMet,
        details: {
          shares: { exact: share(found, "exact"), "n-gram": share(found, "n-gram"), clean: share(found, "clean") },
          missed,
          falseAlarms,
          found: found.map((each) => ({ ...each })),
          induced,
          honest: good,
        },
      };
    } finally {
      await lab.close();
    }
  },
};
