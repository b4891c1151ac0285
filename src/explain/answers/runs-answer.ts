import { listRuns } from "../../service/list-runs.ts";
import type { Store } from "../../store/store.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer } from "../answer/answer.ts";

/** All runs, the latest first. */
export async function runsAnswer(store: Store): Promise<Answer> {
  const sheet = new AnswerSheet();
  const runs = (await listRuns(store)).toReversed();
  const lines = runs.slice(0, 20).map(({ id, name, state, chosen, trials, waiting }) => {
    sheet.source("run", id, `${name}, ${state}`);
    const asks = waiting === 0 ? "" : `, ${sheet.count(id, waiting, "approvals wait")}`;
    return `${id}  ${state}, ${sheet.count(id, chosen, "of")} ${sheet.count(id, trials, "trials")}${asks}`;
  });
  return sheet.finish({
    lead:
      runs.length === 0
        ? "No run was started yet."
        : `There ${runs.length === 1 ? "is" : "are"} ${sheet.count("runs", runs.length, runs.length === 1 ? "run" : "runs")}.`,
    sections: lines.length === 0 ? [] : [{ title: null, block: lines.join("\n") }],
    suggestions: ["status"],
  });
}
