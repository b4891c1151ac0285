import type { MemoryVersion } from "#src/memory/memory.ts";
import type { MakePlanInput } from "#src/memory/make-plan.ts";
import type { Plan } from "#src/memory/plan.ts";
import type { WriteMemoryInput } from "#src/memory/write-memory.ts";
import type { Policy } from "#src/policy/policy.ts";

/**
 * The three roles of the paper. Played by rules and an optimiser (`createRuleAgents`) or by language models
 * (`createAgents`); a run is as complete with either.
 */
export interface Agents {
  /** Planner: what the next stretch of the run is for. */
  plan(input: MakePlanInput, signal?: AbortSignal): Promise<Plan>;
  /** Selector: proposes the next action. */
  policy: Policy;
  /** Reflector: the trial's lesson and the next memory version. */
  reflect(input: WriteMemoryInput, signal?: AbortSignal): Promise<MemoryVersion>;
}
