import { TemperError } from "#src/errors.ts";

/** Ways in which an LLM call can fail to give a usable answer. Each ends in an event and in the fallback, never in a lost trial. */
export type LlmFaultKind =
  | "unknown_id"
  | "unknown_number"
  | "invalid_action"
  | "truncated"
  | "bad_json"
  | "refusal"
  | "wrong_schema"
  | "empty"
  | "rate_limited"
  | "server_error"
  | "bad_request"
  | "unreachable"
  | "timeout"
  | "cap_reached";

/** A failed LLM call. The agent that made it falls back to the rules or the optimiser. */
export class LlmFault extends TemperError {
  readonly kind: LlmFaultKind;

  constructor(kind: LlmFaultKind, message: string, options?: ErrorOptions) {
    super("engine", message, { kind }, options);
    this.kind = kind;
  }
}
