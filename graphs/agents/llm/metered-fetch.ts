import { z } from "zod";

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
 */
export function meteredFetch(onAnswer: (meter: CompletionMeter) => void): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const meter = response.ok ? readMeter(await response.clone().text()) : null;
    if (meter !== null) onAnswer(meter);
    return response;
  };
}
