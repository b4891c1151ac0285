import { leaderboard, type LeaderboardRow } from "../../service/leaderboard.ts";
import type { Run, Store } from "../../store/store.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer, AnswerSection } from "../answer/answer.ts";

function line(sheet: AnswerSheet, row: LeaderboardRow): string {
  const { rank, model, score, overBase, made, trial, floors } = row;
  const over = overBase === null ? "" : `  ${sheet.difference(model, "its base", overBase)} over its base`;
  const from = trial === null ? "" : ` (trial ${trial})`;
  for (const [task, measured] of Object.entries(row.tasks)) sheet.score([model, task], "score", measured);
  sheet.source("evaluation", model, `${model} on ${score.items} items of the ${score.split} split`);
  return `${String(rank).padStart(2)}  ${model.padEnd(4)} ${sheet.score(model, "score", score)}${over}  ${sheet.phrase(model, made)}${from}${floors.met ? "" : `  ! breaks ${floors.broken.join(", ")}`}`;
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

/** The best models with intervals. */
export async function leaderboardAnswer(store: Store, run: Run, { limit }: { limit: number }): Promise<Answer> {
  const sheet = new AnswerSheet();
  const rows = await leaderboard(store, run, { limit });
  const [first] = rows;
  if (first === undefined)
    return sheet.finish({ lead: `No model of ${run.name} was evaluated yet.`, sections: [], suggestions: ["status"] });
  const lines = rows.map((row) => line(sheet, row));
  const items = sheet.count(first.model, first.score.items, "search items");
  for (const row of rows) sheet.count("run", row.rank, "");
  const [, second] = rows;
  return sheet.finish({
    lead: `${first.model} leads ${run.name} with ${sheet.score(first.model, "score", first.score)} on ${items}.`,
    sections: [...unranked(sheet, run), { title: "Leaderboard, search split, 95 % intervals, one training seed", block: lines.join("\n") }],
    suggestions: [
      `why was ${first.model} chosen?`,
      ...(second === undefined ? [] : [`is ${first.model} really better than ${second.model}?`]),
    ],
    subject: first.model,
  });
}
