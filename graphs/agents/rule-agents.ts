import type { RunConfig } from "#src/config/run-config.ts";
import { makePlan } from "#src/memory/make-plan.ts";
import { writeMemory } from "#src/memory/write-memory.ts";
import { createPolicy } from "#src/policy/create-policy.ts";
import type { Agents } from "./agents.ts";

/**
 * The three roles without a language model: rules plan and reflect, an optimiser selects. `hybrid` without a model is
 * `lookahead`; so is `llm`, which would have nobody to ask.
 */
export function createRuleAgents(config: RunConfig): Agents {
  const name = config.policy === "llm" || config.policy === "hybrid" ? "lookahead" : config.policy;
  return {
    plan: async (input) => makePlan(input),
    policy: createPolicy(name, config),
    reflect: async (input) => writeMemory(input),
  };
}
