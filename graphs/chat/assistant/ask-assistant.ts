import { AIMessage, HumanMessage, type BaseMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent } from "langchain";
import type { LlmSetting } from "#src/config/run-config.ts";
import { renderAnswer } from "#src/explain/answer/render-answer.ts";
import { GraphRecursionError } from "@langchain/langgraph";
import type { Run } from "#src/store/store.ts";
import { faultOf, throwUnlessWorthRetrying } from "../../agents/llm/faults.ts";
import { LlmAccount } from "../../agents/llm/llm-account.ts";
import { apiKey } from "../../agents/llm/llm-caller.ts";
import { LlmFault } from "../../agents/llm/llm-fault.ts";
import { meteredFetch, type CompletionMeter } from "../../agents/llm/metered-fetch.ts";
import type { ChatContext } from "../chat-context.ts";
import type { Exchange } from "../exchange.ts";
import type { ChatStateValue, Turn } from "../state.ts";
import { systemPrompt } from "./prompts.ts";
import { quoteData } from "../../agents/llm/quote-data.ts";
import { createChatTools } from "./tools.ts";

/** Calls of the model for one message: a few tools, then the words. */
const callsPerMessage = 6;
/** Each call is a step, and so are the tools after it. */
const recursionLimit = 2 * callsPerMessage + 1;

const messageOf = ({ who, text }: Turn): BaseMessage => (who === "person" ? new HumanMessage(text) : new AIMessage(text));

function questionOf({ message, answers, run }: Exchange): string {
  const about = run === null ? "" : `The run is ${run.name}. `;
  if (answers.length === 0) return `${about}${message.person.name} says:\n${message.text}`;
  const records = answers.map((answer) => renderAnswer(answer, "plain")).join("\n\n");
  return `${about}${message.person.name} asks:\n${message.text}\n\nThe records answer:\n${quoteData(records, "records")}\nSay it in your words, in at most six sentences.`;
}

interface Asked {
  context: ChatContext;
  exchange: Exchange;
  state: ChatStateValue;
  setting: LlmSetting;
  run: Run;
  signal: AbortSignal | undefined;
}

interface FaultContext {
  isLate: boolean;
  setting: LlmSetting;
  meter: CompletionMeter | undefined;
}

function faultIn(error: unknown, { isLate, setting, meter }: FaultContext): LlmFault {
  if (isLate) return new LlmFault("timeout", `${setting.model} did not answer within ${setting.timeout_seconds} s`, { cause: error });
  if (error instanceof GraphRecursionError)
    return new LlmFault("invalid_action", `${setting.model} called tools ${callsPerMessage} times and gave no answer`, { cause: error });
  return faultOf(error, meter);
}

/**
 * Lets the language model answer a message with its tools. Its words are not checked yet.
 * @throws LlmFault when it gives no usable answer, or a cap is reached.
 */
export async function askAssistant({ context, exchange, state, setting, run, signal }: Asked): Promise<string> {
  const account = new LlmAccount({ config: run.config, runId: run.id, store: context.store, now: context.now }, setting);
  await account.checkCaps();
  const meters: CompletionMeter[] = [];
  const started = performance.now();
  const deadline = AbortSignal.timeout(setting.timeout_seconds * 1000);
  const until = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  const agent = createAgent({
    model: new ChatOpenAI({
      model: setting.model,
      temperature: setting.temperature,
      maxTokens: setting.max_tokens,
      apiKey: apiKey(setting, context.env),
      maxRetries: 2,
      onFailedAttempt: (error) => throwUnlessWorthRetrying(error, meters, until),
      configuration: {
        fetch: meteredFetch(context.env[setting.api_key_env], (meter) => meters.push(meter)),
        ...(setting.base_url === undefined ? {} : { baseURL: setting.base_url }),
      },
    }),
    tools: createChatTools({ context, exchange, last: state.subject }),
    systemPrompt,
  });
  try {
    const { messages } = await agent.invoke(
      { messages: [...state.turns.map(messageOf), new HumanMessage(questionOf(exchange))] },
      { signal: until, recursionLimit },
    );
    const last = messages.findLast((message) => AIMessage.isInstance(message));
    const text = last === undefined ? "" : last.text.trim();
    if (meters.at(-1)?.refusal) throw new LlmFault("refusal", "the model refused");
    if (meters.at(-1)?.finishReason === "length") throw new LlmFault("truncated", "the answer was cut off at max_tokens");
    if (text === "" && exchange.proposal === null) throw new LlmFault("empty", "the answer was empty");
    await account.record({ role: "chat", meters, started, fault: null });
    return text;
  } catch (error) {
    if (signal?.aborted === true) throw error;
    const fault = faultIn(error, { isLate: deadline.aborted, setting, meter: meters.at(-1) });
    await account.record({ role: "chat", meters, started, fault });
    throw fault;
  }
}
