import type { LlmSetting } from "#src/config/run-config.ts";
import type { LlmCall } from "#src/store/store.ts";
import type { LlmCallerContext } from "./llm-caller.ts";
import { LlmFault } from "./llm-fault.ts";
import type { CompletionMeter } from "./metered-fetch.ts";

interface CallRecord {
  role: LlmCall["role"];
  meters: readonly CompletionMeter[];
  /** `performance.now()` at the start. */
  started: number;
  fault: LlmFault | null;
}

/** Keeps the books of a run's language models: what each call took, and whether the caps leave room for another. */
export class LlmAccount {
  readonly #context: Omit<LlmCallerContext, "env">;
  readonly #setting: LlmSetting;

  constructor(context: Omit<LlmCallerContext, "env">, setting: LlmSetting) {
    this.#context = context;
    this.#setting = setting;
  }

  /** @throws LlmFault when a token or money cap is reached. */
  async checkCaps(): Promise<void> {
    const { llm_usd, llm_tokens } = this.#context.config.budget;
    if (llm_usd === undefined && llm_tokens === undefined) return;
    const spent = await this.#context.store.llmCalls.totals(this.#context.runId);
    const tokens = spent.inputTokens + spent.outputTokens;
    if (llm_tokens !== undefined && tokens >= llm_tokens)
      throw new LlmFault(
        "cap_reached",
        `budget.llm_tokens is used up (${tokens} of ${llm_tokens}): the rules and the optimiser go on without the model`,
      );
    if (llm_usd !== undefined && spent.usd >= llm_usd)
      throw new LlmFault(
        "cap_reached",
        `budget.llm_usd is used up ($${spent.usd.toFixed(2)} of $${llm_usd}): the rules and the optimiser go on without the model`,
      );
  }

  /** Writes a call down, good or bad. */
  async record({ role, meters, started, fault }: CallRecord): Promise<void> {
    const inputTokens = meters.reduce((sum, meter) => sum + meter.inputTokens, 0);
    const outputTokens = meters.reduce((sum, meter) => sum + meter.outputTokens, 0);
    const { usd_per_million_input_tokens = 0, usd_per_million_output_tokens = 0, model } = this.#setting;
    await this.#context.store.llmCalls.add({
      runId: this.#context.runId,
      trial: null,
      role,
      model,
      outcome: fault === null ? "ok" : "fault",
      detail: fault === null ? null : `${fault.kind}: ${fault.message}`,
      inputTokens,
      outputTokens,
      usd: (inputTokens * usd_per_million_input_tokens + outputTokens * usd_per_million_output_tokens) / 1e6,
      latencyMs: performance.now() - started,
      createdAt: this.#context.now().toISOString(),
    });
  }
}
