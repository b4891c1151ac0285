import type { Answer } from "#src/explain/answer/answer.ts";
import { budgetAnswer } from "#src/explain/answers/budget-answer.ts";
import { changesAnswer } from "#src/explain/answers/changes-answer.ts";
import { compareAnswer } from "#src/explain/answers/compare-answer.ts";
import { leaderboardAnswer } from "#src/explain/answers/leaderboard-answer.ts";
import { learnedAnswer } from "#src/explain/answers/learned-answer.ts";
import { memoryAnswer } from "#src/explain/answers/memory-answer.ts";
import { nextAnswer } from "#src/explain/answers/next-answer.ts";
import { plotAnswer } from "#src/explain/answers/plot-answer.ts";
import { recipeAnswer } from "#src/explain/answers/recipe-answer.ts";
import { statusAnswer } from "#src/explain/answers/status-answer.ts";
import { trialsAnswer } from "#src/explain/answers/trials-answer.ts";
import { waitingAnswer } from "#src/explain/answers/waiting-answer.ts";
import { whyAnswer } from "#src/explain/answers/why-answer.ts";
import { whyNotAnswer } from "#src/explain/answers/why-not-answer.ts";
import { wishesAnswer } from "#src/explain/answers/wishes-answer.ts";
import { explainModel } from "#src/explain/explain-model.ts";
import { RunFacts } from "#src/explain/run-facts.ts";
import { readSince } from "#src/explain/subject/read-since.ts";
import { readTopic } from "#src/explain/subject/read-topic.ts";
import { readWanted } from "#src/explain/subject/read-wanted.ts";
import { resolveSubject } from "#src/explain/subject/resolve-subject.ts";
import { findModel } from "#src/service/find-model.ts";
import type { Run } from "#src/store/store.ts";
import type { ChatContext } from "./chat-context.ts";
import type { RunQuestion } from "./grammar/intent-kinds.ts";
import { tailAnswer } from "./tail-answer.ts";

interface Spoken {
  run: Run;
  /** What the message replies to, as a subject; null without. */
  repliedTo: string | null;
  /** What the conversation was about. */
  last: string | null;
}

/**
 * Answers a question about a run from its records. The same for the grammar and for a model's tools.
 * @throws UserInputError when it names something that the run does not have.
 */
export async function answerIntent(context: ChatContext, { run, repliedTo, last }: Spoken, intent: RunQuestion): Promise<Answer> {
  const { store } = context;
  const facts = await RunFacts.open(store, run);
  const subjectOf = (words: string) => resolveSubject(facts, { words, repliedTo, last });
  const modelOf = async (words: string) => (await findModel(store, run, await subjectOf(words))).id;
  switch (intent.kind) {
    case "status":
      return statusAnswer(store, run);
    case "leaderboard":
      return leaderboardAnswer(store, run, intent);
    case "compare":
      return compareAnswer(facts, { a: await subjectOf(intent.a), b: await subjectOf(intent.b) });
    case "why":
      return whyAnswer(await explainModel(store, run, await subjectOf(intent.about)));
    case "why-not": {
      const asked = repliedTo ?? last;
      const trial = asked === null ? null : ((await explainModel(store, run, asked).catch(() => null))?.trial ?? null);
      return whyNotAnswer(facts, { wanted: await readWanted(facts, intent.about), trial });
    }
    case "learned": {
      const topic = await readTopic(facts, intent.about);
      return topic === null ? memoryAnswer(facts) : learnedAnswer(facts, topic);
    }
    case "next":
      return nextAnswer(facts);
    case "changes":
      return changesAnswer(facts, await readSince(facts, intent.since, { now: context.now(), timeZone: context.timeZone }));
    case "plot":
      return plotAnswer(facts, { figure: intent.figure, model: intent.figure === "lineage" ? await modelOf(intent.about) : null });
    case "recipe":
      return recipeAnswer(store, run, await modelOf(intent.about || "best"));
    case "budget":
      return budgetAnswer(store, run);
    case "trials":
      return trialsAnswer(facts, { wanted: await readWanted(facts, intent.about), isFailed: intent.isFailed });
    case "tail":
      return tailAnswer(context, run, await subjectOf(intent.about));
    case "waiting":
      return waitingAnswer(store, run);
    case "wishes":
      return wishesAnswer(store, run);
  }
}
