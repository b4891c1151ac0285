import { bestModel } from "../../service/best-model.ts";
import { leaderboard, leaderboardRow, type LeaderboardRow } from "../../service/leaderboard.ts";
import { ModelScores } from "../../service/model-scores.ts";
import { describePassedOver } from "../../service/passed-over.ts";
import type { Run, Store } from "../../store/store.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer, AnswerSection } from "../answer/answer.ts";

function line(sheet: AnswerSheet, row: LeaderboardRow): string {
  const { rank, model, score, overBase, made, trial, barriers } = row;
  const over = overBase === null ? "" : `  ${sheet.difference(model, "its base", overBase)} over its base`;
  const from = trial === null ? "" : ` (trial ${trial})`;
  for (const [task, measured] of Object.entries(row.tasks)) sheet.score([model, task], "score", measured);
  sheet.source("evaluation", model, `${model} on ${score.items} items of the ${score.split} split`);
  return `${String(rank).padStart(2)}  ${model.padEnd(4)} ${sheet.score(model, "score", score)}${over}  ${sheet.phrase(model, made)}${from}${barriers.length === 0 ? "" : `  ! may not win: ${sheet.quote(model, barriers.join(", "))}`}`;
}

/** How many models have no score on a task that joined later. */
function unranked(sheet: AnswerSheet, { tasks }: Run): AnswerSection[] {
  return tasks.flatMap(({ id, joined }) => {
    const count = joined?.leftOut.length ?? 0;
    if (count === 0) return [];
    const text = `${sheet.count("run", count, "older models")} were not measured on ${id}, which joined later, and are not ranked.`;
    return [{ title: null, text }];
  });
}

interface Lead {
  store: Store;
  run: Run;
  scores: ModelScores;
  /** The best model that may win. */
  leader: string | null;
}

/** Who leads, and what stands above the leader but may not win. */
async function leadOf(sheet: AnswerSheet, { store, run, scores, leader }: Lead): Promise<string> {
  const passedOver = await describePassedOver(store, run, scores, leader);
  const row = leader === null ? null : await leaderboardRow(store, run, scores, leader, leader);
  const sentences = passedOver === null ? [] : [sheet.quote("run", passedOver)];
  if (row === null) return sentences.join(" ");
  const items = sheet.count(row.model, row.score.items, "search items");
  return [`${row.model} leads ${run.name} with ${sheet.score(row.model, "score", row.score)} on ${items}.`, ...sentences].join(" ");
}

/** The best models with intervals. */
export async function leaderboardAnswer(store: Store, run: Run, { limit }: { limit: number }): Promise<Answer> {
  const sheet = new AnswerSheet();
  const rows = await leaderboard(store, run, { limit });
  const [first] = rows;
  if (first === undefined)
    return sheet.finish({ lead: `No model of ${run.name} was evaluated yet.`, sections: [], suggestions: ["status"] });
  const lines = rows.map((row) => line(sheet, row));
  for (const row of rows) sheet.count("run", row.rank, "");
  const scores = await ModelScores.open(store, run, "search");
  const leader = await bestModel(store, run, scores);
  const second = rows.find(({ model }) => model !== leader);
  const subject = leader ?? first.model;
  return sheet.finish({
    lead: await leadOf(sheet, { store, run, scores, leader }),
    sections: [...unranked(sheet, run), { title: "Leaderboard, search split, 95 % intervals, one training seed", block: lines.join("\n") }],
    suggestions: [`why was ${subject} chosen?`, ...(second === undefined ? [] : [`is ${subject} really better than ${second.model}?`])],
    subject,
  });
}
