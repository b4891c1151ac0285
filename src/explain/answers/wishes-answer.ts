import type { Run, Store } from "../../store/store.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer } from "../answer/answer.ts";

/** What people asked of the run, with author and time; those taken back are left out. */
export async function wishesAnswer(store: Store, run: Run): Promise<Answer> {
  const sheet = new AnswerSheet();
  const wishes = (await store.directives.list(run.id)).filter(({ revokedAt }) => revokedAt === null);
  const lines = wishes.map(({ id, author, createdAt, text }) => {
    sheet.source("directive", id, `${author}: "${text}"`);
    return `wish ${sheet.count("run", id, "").trim()}: "${sheet.quote("run", text)}" (${author}, ${createdAt.slice(0, 16).replace("T", " ")})`;
  });
  return sheet.finish({
    lead:
      wishes.length === 0
        ? `Nobody has steered ${run.name} so far.`
        : `${sheet.count("run", wishes.length, wishes.length === 1 ? "wish is" : "wishes are")} honoured in ${run.name}.`,
    sections: lines.length === 0 ? [] : [{ title: null, block: lines.join("\n") }],
    suggestions: wishes[0] === undefined ? ["try more dpo"] : [`revoke wish ${wishes[0].id}`],
  });
}
