import { isMerge, isPreference } from "#src/action/action.ts";
import { openStore } from "#src/store/open-store.ts";
import type { Bench } from "./bench.ts";
import { summarySchema } from "./temper/answers.ts";
import { askTemper } from "./temper/run-temper.ts";

const targetSeconds = 240;
const secondStartSeconds = 15;

/** How many of the chosen trials were of which kind. */
async function chosenKinds(home: string): Promise<{ sft: number; preference: number; merge: number }> {
  const store = await openStore({ home });
  try {
    const [run] = await store.runs.list();
    const chosen = run === undefined ? [] : (await store.trials.list(run.id)).filter((trial) => trial.kind === "chosen");
    const merge = chosen.filter((trial) => isMerge(trial.action.type)).length;
    const preference = chosen.filter((trial) => isPreference(trial.action.type)).length;
    return { sft: chosen.length - merge - preference, preference, merge };
  } finally {
    await store.close();
  }
}

/** The main job as a newcomer sees it. */
export const bench: Bench = {
  name: "demo",
  describe: "npm run demo after set-up: baselines and 30 chosen trials on the tiny world, then again from what is known",
  async run({ root, scratch, smoke, print }) {
    const trials = smoke ? 3 : 30;
    const args = ["demo", "--home", scratch, ...(smoke ? ["--trials", `${trials}`] : [])];
    const first = await askTemper({ root, args, print }, summarySchema);
    const second = await askTemper({ root, args, print: null }, summarySchema);
    const kinds = await chosenKinds(scratch);
    const sameTable = JSON.stringify(first.answer.rows) === JSON.stringify(second.answer.rows);
    const { best, rows, counts, shrinkage } = first.answer;
    for (const row of rows)
      print(
        `${row.label.padEnd(36)} ${row.score.mean.toFixed(3)} [${row.score.low.toFixed(3)}, ${row.score.high.toFixed(3)}] ${row.score.split}`,
      );
    const everyKind = kinds.sft > 0 && kinds.preference > 0 && kinds.merge > 0;
    const pass =
      first.seconds <= targetSeconds &&
      second.seconds <= secondStartSeconds &&
      sameTable &&
      counts.chosen >= trials &&
      (smoke || everyKind);
    return {
      value: Math.round(first.seconds * 10) / 10,
      unit: "s",
      target: `<= ${targetSeconds} s, >= 30 chosen trials with SFT, DPO and merges; second start <= ${secondStartSeconds} s with the same table`,
      pass,
      details: {
        secondStartSeconds: Math.round(second.seconds * 10) / 10,
        sameTable,
        chosen: counts.chosen,
        others: counts.other,
        kinds,
        best: { model: best.model, search: best.search.mean, final: best.final?.mean ?? null, pipeline: best.pipeline },
        rows: rows.map((row) => ({
          label: row.label,
          final: row.score.mean,
          low: row.score.low,
          high: row.score.high,
          winnerMinusThis: row.behind?.mean ?? null,
        })),
        shrinkage,
      },
    };
  },
};
