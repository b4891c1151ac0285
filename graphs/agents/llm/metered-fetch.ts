import { z } from "zod";
import { createRedactor } from "#src/create-redactor.ts";

/** What one HTTP answer of an OpenAI-compatible server says beside its content. */
export interface CompletionMeter {
  inputTokens: number;
  outputTokens: number;
  refusal: string | null;
  finishReason: string | null;
}

const completionSchema = z.object({
  usage: z.object({ prompt_tokens: z.number().default(0), completion_tokens: z.number().default(0) }).nullish(),
  choices: z
    .array(z.object({ finish_reason: z.string().nullish(), message: z.object({ refusal: z.string().nullish() }).nullish() }))
    .default([]),
});

function readMeter(text: string): CompletionMeter | null {
  try {
    const completion = completionSchema.parse(JSON.parse(text));
    const choice = completion.choices[0];
    return {
      inputTokens: completion.usage?.prompt_tokens ?? 0,
      outputTokens: completion.usage?.completion_tokens ?? 0,
      refusal: choice?.message?.refusal ?? null,
      finishReason: choice?.finish_reason ?? null,
    };
  } catch {
    return null;
  }
}

/**
 * A `fetch` that reads token usage from every answer. Needed because `@langchain/openai` throws on truncated or
 * malformed structured output before it reports usage, and those tokens are paid for too.
 * @param key the endpoint's, where it has one: some say it again in their errors, and what they say goes into events and chat.
 */
export function meteredFetch(key: string | undefined, onAnswer: (meter: CompletionMeter) => void): typeof fetch {
  const redact = createRedactor({}, [key]);
  return async (input, init) => {
    const response = await fetch(input, init);
    const text = await response.text();
    const meter = response.ok ? readMeter(text) : null;
    if (meter !== null) onAnswer(meter);
    const { status, statusText, headers } = response;
    return new Response(text === "" ? null : redact(text), { status, statusText, headers: textHeaders(headers) });
  };
}

/** Those of an answer whose body was read: its length and encoding no longer hold. */
function textHeaders(headers: Headers): Headers {
  const kept = new Headers(headers);
  kept.delete("content-length");
  kept.delete("content-encoding");
  return kept;
}
