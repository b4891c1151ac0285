import { ChatOpenAI } from "@langchain/openai";
import { z } from "zod";
import type { LlmSetting, RunConfig } from "#src/config/run-config.ts";
import { ConfigError } from "#src/errors.ts";
import type { LlmCall, Store } from "#src/store/store.ts";
import { faultOf, parseAnswer, throwUnlessWorthRetrying } from "./faults.ts";
import { LlmAccount } from "./llm-account.ts";
import { LlmFault } from "./llm-fault.ts";
import { meteredFetch, type CompletionMeter } from "./metered-fetch.ts";

export type LlmRole = "planner" | "selector" | "reflector";

export interface ChatTurn {
  role: "system" | "user" | "assistant";
  content: string;
}

/** One question to a model: what is said, and the form that the answer must have. */
export interface Question<Answer> {
  role: LlmCall["role"];
  /** Name of the answer's JSON schema, `[a-z_]+`. */
  name: string;
  schema: z.ZodType<Answer>;
  turns: readonly ChatTurn[];
  signal?: AbortSignal | undefined;
}

export interface LlmCallerContext {
  config: RunConfig;
  runId: string;
  store: Store;
  /** Environment that holds the keys; keys never leave this object. */
  env: Readonly<Record<string, string | undefined>>;
  now(): Date;
}

/** The setting of a role: `llm.<role>` on top of `llm.default`. */
function roleSetting(config: RunConfig, role: LlmRole): LlmSetting {
  const { llm } = config;
  if (llm === undefined) throw new ConfigError([{ file: config.name, path: "llm", message: "missing: the LLM agents need a model" }]);
  const own = Object.fromEntries(Object.entries(llm[role] ?? {}).filter(([, value]) => value !== undefined));
  return { ...llm.default, ...own };
}

/**
 * A key is needed for hosted endpoints; servers with a `base_url` of their own often need none.
 * @throws ConfigError when the environment lacks it.
 */
export function apiKey(setting: LlmSetting, env: LlmCallerContext["env"]): string {
  const key = env[setting.api_key_env];
  if (key !== undefined && key !== "") return key;
  if (setting.base_url !== undefined) return "not-needed";
  const message = `the environment variable ${setting.api_key_env} is not set. Set it, name another with api_key_env, or leave llm out: Temper works without`;
  throw new ConfigError([{ file: "temper.yaml", path: "llm.default.api_key_env", message }]);
}

/** Talks to an OpenAI-compatible endpoint for one role: structured answers, counted tokens, caps, a deadline. */
export class LlmCaller {
  readonly model: string;
  readonly #setting: LlmSetting;
  readonly #account: LlmAccount;
  readonly #key: string;
  /** Undefined where none is needed. */
  readonly #secret: string | undefined;

  constructor(context: LlmCallerContext, role: LlmRole) {
    this.#setting = roleSetting(context.config, role);
    this.#account = new LlmAccount(context, this.#setting);
    this.#key = apiKey(this.#setting, context.env);
    this.#secret = context.env[this.#setting.api_key_env];
    this.model = this.#setting.model;
  }

  /**
   * Asks and parses. Every call, good or bad, is a row of `llm_calls`.
   * @throws LlmFault when there is no usable answer, also when a token or money cap is reached (then nothing is sent).
   */
  async ask<Answer>(question: Question<Answer>): Promise<Answer> {
    await this.#account.checkCaps();
    const meters: CompletionMeter[] = [];
    const started = performance.now();
    try {
      const content = await this.#send(question, meters);
      const answer = parseAnswer(content, question.schema, meters.at(-1));
      await this.#account.record({ role: question.role, meters, started, fault: null });
      return answer;
    } catch (error) {
      if (question.signal?.aborted === true) throw error;
      const fault = faultOf(error, meters.at(-1));
      await this.#account.record({ role: question.role, meters, started, fault });
      throw fault;
    }
  }

  async #send<Answer>(question: Question<Answer>, meters: CompletionMeter[]): Promise<string> {
    const { timeout_seconds, max_tokens, temperature, base_url } = this.#setting;
    const deadline = AbortSignal.timeout(timeout_seconds * 1000);
    const signal = question.signal === undefined ? deadline : AbortSignal.any([question.signal, deadline]);
    const model = new ChatOpenAI({
      model: this.#setting.model,
      temperature,
      maxTokens: max_tokens,
      apiKey: this.#key,
      maxRetries: 2,
      onFailedAttempt: (error) => throwUnlessWorthRetrying(error, meters, signal),
      modelKwargs: {
        response_format: {
          type: "json_schema",
          json_schema: { name: question.name, schema: z.toJSONSchema(question.schema), strict: true },
        },
      },
      configuration: {
        fetch: meteredFetch(this.#secret, (meter) => meters.push(meter)),
        ...(base_url === undefined ? {} : { baseURL: base_url }),
      },
    });
    try {
      const message = await model.invoke(
        question.turns.map((turn): [ChatTurn["role"], string] => [turn.role, turn.content]),
        { signal },
      );
      return message.text;
    } catch (error) {
      if (deadline.aborted) throw new LlmFault("timeout", `${this.model} did not answer within ${timeout_seconds} s`, { cause: error });
      throw error;
    }
  }
}
