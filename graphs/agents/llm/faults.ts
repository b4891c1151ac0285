import type { z } from "zod";
import { createRedactor } from "#src/create-redactor.ts";
import { LlmFault } from "./llm-fault.ts";
import type { CompletionMeter } from "./metered-fetch.ts";

/** Reads an answer's JSON. Constrained decoding does not enforce everything, so it is checked again here. */
export function parseAnswer<Answer>(content: string, schema: z.ZodType<Answer>, meter: CompletionMeter | undefined): Answer {
  if (meter?.refusal) throw new LlmFault("refusal", `the model refused: ${meter.refusal.slice(0, 200)}`);
  if (meter?.finishReason === "length") throw new LlmFault("truncated", "the answer was cut off at max_tokens");
  if (content.trim() === "") throw new LlmFault("empty", "the answer was empty");
  const parsed = schema.safeParse(readJson(content));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new LlmFault("wrong_schema", `the answer has the wrong form: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`.trim());
}

/** Addresses with a password and tokens of known forms may stand in what a library says. */
const redact = createRedactor({});

function readJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new LlmFault("bad_json", `the answer is no JSON: ${content.slice(0, 80)}`, { cause: error });
  }
}

function statusOf(error: unknown): number | null {
  return error instanceof Error && "status" in error && typeof error.status === "number" ? error.status : null;
}

/** Turns whatever the client library threw into one of our kinds. */
export function faultOf(error: unknown, meter: CompletionMeter | undefined): LlmFault {
  if (error instanceof LlmFault) return error;
  const message = redact(error instanceof Error ? (error.message.split("\n")[0]?.slice(0, 200) ?? "") : String(error));
  const status = statusOf(error);
  if (status === 429) return new LlmFault("rate_limited", `the endpoint is rate limited (429): ${message}`, { cause: error });
  if (status !== null && status >= 500)
    return new LlmFault("server_error", `the endpoint failed (${status}): ${message}`, { cause: error });
  if (status !== null) return new LlmFault("bad_request", `the endpoint refused the request (${status}): ${message}`, { cause: error });
  if (meter?.finishReason === "length") return new LlmFault("truncated", "the answer was cut off at max_tokens", { cause: error });
  if (meter?.refusal) return new LlmFault("refusal", `the model refused: ${meter.refusal.slice(0, 200)}`, { cause: error });
  if (meter !== undefined) return new LlmFault("bad_json", "the answer is empty or no JSON", { cause: error });
  return new LlmFault("unreachable", `the endpoint cannot be reached: ${message}`, { cause: error });
}

/**
 * Only a busy or broken endpoint is worth asking the same thing again. An answer that came and cannot be used was paid
 * for: the agent decides what to do about it.
 */
export function throwUnlessWorthRetrying(error: unknown, meters: readonly CompletionMeter[], signal: AbortSignal): void {
  const status = statusOf(error);
  const isClientError = status !== null && status < 500 && status !== 429;
  if (meters.length > 0 || isClientError || signal.aborted) throw error;
}
