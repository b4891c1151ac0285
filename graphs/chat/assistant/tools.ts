import { tool, type StructuredToolInterface } from "@langchain/core/tools";
import { z } from "zod";
import { TemperError } from "#src/errors.ts";
import { renderAnswer } from "#src/explain/answer/render-answer.ts";
import { answerIntent } from "../answer-intent.ts";
import type { ChatContext } from "../chat-context.ts";
import type { Exchange } from "../exchange.ts";
import type { RunQuestion } from "../grammar/intent-kinds.ts";
import { isWish } from "../grammar/intent-kinds.ts";
import { parseMessage } from "../grammar/parse-message.ts";
import { makeProposal } from "../make-proposal.ts";
import { repliedSubject } from "../nodes/answer.ts";
import { quoteData } from "../../agents/llm/quote-data.ts";

const about = z.string().describe('a model ("m24"), a trial ("trial 33"), "the best one", "the latest merge", or "this"');
const nothing = z.object({});

interface ToolPlace {
  context: ChatContext;
  exchange: Exchange;
  last: string | null;
}

/**
 * What the assistant's model can do: read records, and put a wish on a card. None of these approves, and none changes
 * anything by itself.
 */
export function createChatTools({ context, exchange, last }: ToolPlace): StructuredToolInterface[] {
  const { run, message } = exchange;

  /** Answers from records, and keeps the answer: the model's words are checked against it. */
  async function read(intent: RunQuestion): Promise<string> {
    if (run === null) return "There is no run.";
    try {
      const answer = await answerIntent(context, { run, repliedTo: repliedSubject(message.replyTo), last }, intent);
      exchange.answers.push(answer);
      return quoteData(renderAnswer(answer, "plain"), "records");
    } catch (error) {
      if (error instanceof TemperError) return quoteData(error.message, "records");
      throw error;
    }
  }

  async function propose({ wish }: { wish: string }): Promise<string> {
    if (exchange.proposal !== null) return "One proposal a message: the card is there already.";
    const intent = parseMessage(wish);
    if (intent === null || !isWish(intent))
      return 'That is no wish. Examples: "stop merging m3", "give it 20 more trials", "start a run on NAME with 40 trials".';
    try {
      const reply = await makeProposal(context, exchange, intent);
      exchange.proposal = reply.proposal;
      exchange.reply = reply;
      return "The card is shown. People decide there.";
    } catch (error) {
      if (error instanceof TemperError) return quoteData(error.message, "records");
      throw error;
    }
  }

  return [
    tool(() => read({ kind: "status" }), {
      name: "status",
      description: "Where the run stands: progress, best, what runs, what waits, what is spent.",
      schema: nothing,
    }),
    tool(({ limit }) => read({ kind: "leaderboard", limit }), {
      name: "leaderboard",
      description: "The best models with scores and intervals.",
      schema: z.object({ limit: z.int().min(1).max(25) }),
    }),
    tool(({ a, b }) => read({ kind: "compare", a, b }), {
      name: "compare",
      description: "Whether one model is really better than another: paired difference with its interval.",
      schema: z.object({ a: about, b: about }),
    }),
    tool((input) => read({ kind: "why", about: input.about }), {
      name: "why",
      description: "Why something was chosen: decision, alternatives, evidence, memory, approval, outcome.",
      schema: z.object({ about }),
    }),
    tool((input) => read({ kind: "why-not", about: input.what }), {
      name: "why_not",
      description: "Why something else was not chosen.",
      schema: z.object({ what: z.string().describe('"dpo", "merging m3 and m9", "sft on math"') }),
    }),
    tool((input) => read({ kind: "learned", about: input.what }), {
      name: "learned",
      description: "What was learnt about a dataset, a model or an action type; empty for everything.",
      schema: z.object({ what: z.string() }),
    }),
    tool(() => read({ kind: "next" }), { name: "next", description: "What would be tried next, and why.", schema: nothing }),
    tool((input) => read({ kind: "changes", since: input.since }), {
      name: "changes",
      description: "What changed since a moment.",
      schema: z.object({ since: z.string().describe('"since yesterday", "in the last 3 hours", "since trial 20"') }),
    }),
    tool(({ figure, ...input }) => read({ kind: "plot", figure, about: input.about }), {
      name: "plot",
      description: "Draws a figure; it is shown below the answer.",
      schema: z.object({ figure: z.enum(["best-so-far", "effects", "windows", "lineage"]), about }),
    }),
    tool((input) => read({ kind: "trials", about: input.words, isFailed: input.failed }), {
      name: "search_trials",
      description: "Trials that use the action types, datasets or models named.",
      schema: z.object({ words: z.string(), failed: z.boolean() }),
    }),
    tool(() => read({ kind: "budget" }), { name: "budget", description: "What is spent and left of every cap.", schema: nothing }),
    tool(propose, {
      name: "propose",
      description:
        "Puts a person's wish on a card that people confirm: start a run, change the budget, steer, cancel a trial, pause, stop.",
      schema: z.object({ wish: z.string().describe("the wish in plain words, as the person said it") }),
    }),
  ];
}
