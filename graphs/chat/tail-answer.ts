import { describeAction } from "#src/action/describe-action.ts";
import { UserInputError } from "#src/errors.ts";
import { AnswerSheet } from "#src/explain/answer/answer-sheet.ts";
import type { Answer } from "#src/explain/answer/answer.ts";
import type { Run } from "#src/store/store.ts";
import type { ChatContext } from "./chat-context.ts";

/** The last lines of a trial's log, as they are. @throws UserInputError when the run has no such trial. */
export async function tailAnswer({ store, readLog }: ChatContext, run: Run, subject: string): Promise<Answer> {
  const model = await store.objects.find(run.id, subject);
  const number = model?.kind === "model" ? model.trial : Number(/\d+/.exec(subject)?.[0]);
  const trial = number === null ? null : await store.trials.find(run.id, number);
  if (trial === null) throw new UserInputError(`${run.name} has no trial behind "${subject}".`, { subject }, "not_found");
  const log = readLog === null ? null : await readLog(run.id, trial.number);
  const sheet = new AnswerSheet();
  const phrase = sheet.phrase(`trial ${trial.number}`, describeAction(trial.action));
  sheet.source("trial", trial.number, phrase);
  return sheet.finish({
    lead: `Trial ${trial.number}, ${phrase}, is ${trial.state}.`,
    sections:
      log === null || log.trim() === ""
        ? [{ title: "Log", text: "nothing is written yet, or it is kept where I cannot read it." }]
        : [{ title: "Log, last lines", block: sheet.quote(`trial ${trial.number}`, log) }],
    suggestions: [`why trial ${trial.number}?`],
    subject: `trial ${trial.number}`,
  });
}
