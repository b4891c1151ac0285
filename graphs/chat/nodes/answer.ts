import { TemperError, UserInputError } from "#src/errors.ts";
import { infoAnswer } from "#src/explain/answers/info-answer.ts";
import { runsAnswer } from "#src/explain/answers/runs-answer.ts";
import { sourcesAnswer } from "#src/explain/answers/sources-answer.ts";
import { waitingAnswer } from "#src/explain/answers/waiting-answer.ts";
import { AnswerSheet } from "#src/explain/answer/answer-sheet.ts";
import type { Answer } from "#src/explain/answer/answer.ts";
import { answerIntent } from "../answer-intent.ts";
import type { ChatContext } from "../chat-context.ts";
import type { ReplySubject } from "../chat.ts";
import type { Exchange } from "../exchange.ts";
import type { Intent, Wish } from "../grammar/intent.ts";
import { isGeneral, isWish, type GeneralQuestion } from "../grammar/intent-kinds.ts";
import { exampleQuestions, helpLines } from "../help-text.ts";
import { makeProposal } from "../make-proposal.ts";
import { replyOfAnswers, replyOfText } from "../reply-of.ts";
import type { ChatStateValue } from "../state.ts";

/** A replied-to message as the subject of a question. */
export function repliedSubject(replyTo: ReplySubject | null): string | null {
  if (replyTo === null || replyTo.kind === "status" || replyTo.kind === "proposal") return null;
  if (replyTo.kind === "trial" || /^\d+$/.test(replyTo.id)) return `trial ${replyTo.id}`;
  return replyTo.id;
}

function helpAnswer(): Answer {
  const sheet = new AnswerSheet();
  return sheet.finish({
    lead: "I find post-training pipelines and answer for every choice. This is what you can say.",
    sections: helpLines.map((line) => ({ title: null, text: line })),
    suggestions: exampleQuestions.slice(0, 3),
  });
}

const noRun = "No run was started yet. Start one with the words: start a run on NAME, or at the terminal: temper start temper.yaml";

async function generalAnswer(context: ChatContext, state: ChatStateValue, intent: GeneralQuestion): Promise<Answer> {
  switch (intent.kind) {
    case "help":
      return helpAnswer();
    case "runs":
      return runsAnswer(context.store);
    case "info":
      return infoAnswer(context.store, { now: context.now(), startedAt: context.startedAt });
    case "sources":
      return sourcesAnswer(state.sources);
  }
}

async function answerOf(context: ChatContext, exchange: Exchange, state: ChatStateValue, intent: Exclude<Intent, Wish>): Promise<Answer> {
  if (isGeneral(intent)) return generalAnswer(context, state, intent);
  const { run, message } = exchange;
  if (run === null) throw new UserInputError(noRun, {}, "not_found");
  if (intent.kind === "decide") return waitingAnswer(context.store, run);
  return answerIntent(context, { run, repliedTo: repliedSubject(message.replyTo), last: state.subject }, intent);
}

/** Answers from records what the grammar understood, or makes a proposal of a wish. Refusals are answers too. */
export async function answer(context: ChatContext, exchange: Exchange, state: ChatStateValue): Promise<void> {
  const { intent } = exchange;
  if (intent === null) return;
  try {
    if (isWish(intent)) {
      exchange.reply = await makeProposal(context, exchange, intent);
      return;
    }
    exchange.answers = [await answerOf(context, exchange, state, intent)];
    exchange.reply = replyOfAnswers(exchange.answers);
  } catch (error) {
    // What people ask for in vain is answered; what breaks is a matter of the caller.
    if (!(error instanceof TemperError)) throw error;
    exchange.reply = replyOfText(error.message, { suggestions: [...exampleQuestions], understood: error.code !== "bad_input" });
  }
}
