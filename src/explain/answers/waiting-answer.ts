import { describeAction } from "../../action/describe-action.ts";
import type { Run, Store } from "../../store/store.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer } from "../answer/answer.ts";

/** What waits for people. Approving is done on the card or with `temper approve`, never by words. */
export async function waitingAnswer(store: Store, run: Run): Promise<Answer> {
  const sheet = new AnswerSheet();
  const approvals = await store.approvals.list(run.id, "pending");
  const lines: string[] = [];
  for (const { id, trial, batch, estimate, expiresAt } of approvals) {
    const record = trial === null ? null : await store.trials.find(run.id, trial);
    const what =
      record === null ? `the batch ${batch ?? ""}` : `trial ${trial}: ${sheet.phrase(`trial ${trial}`, describeAction(record.action))}`;
    sheet.source("approval", id, what);
    lines.push(
      `${id}  ${what}, ${sheet.hours(id, estimate.deviceHoursP50)} to ${sheet.hours(id, estimate.deviceHoursP90)}, until ${expiresAt.slice(0, 16).replace("T", " ")}`,
    );
  }
  const [only] = approvals;
  return sheet.finish({
    lead:
      only === undefined
        ? `Nothing waits for an approval in ${run.name}.`
        : `${sheet.count("run", approvals.length, approvals.length === 1 ? "approval waits" : "approvals wait")} in ${run.name}. Decide on the card; words alone approve nothing.`,
    sections: lines.length === 0 ? [] : [{ title: null, block: lines.join("\n") }],
    suggestions: only?.trial == null ? ["status"] : [`why trial ${only.trial}?`],
    subject: only?.trial == null ? null : `trial ${only.trial}`,
  });
}
