import { makePlan } from "#src/memory/make-plan.ts";
import { writeMemory } from "#src/memory/write-memory.ts";
import { createPolicy } from "#src/policy/create-policy.ts";
import type { Agents } from "./agents.ts";
import { LlmCaller, type LlmCallerContext } from "./llm/llm-caller.ts";
import { LlmFault } from "./llm/llm-fault.ts";
import { planWithLlm } from "./planner/plan-with-llm.ts";
import { reflectWithLlm } from "./reflector/reflect-with-llm.ts";
import { LlmPolicy } from "./selector/llm-policy.ts";

/**
 * Planner, selector and reflector as language models, each with its own model setting; null for a config without
 * `llm`. A call that fails is an event, and the rules or the optimiser play the role for that turn.
 * @throws ConfigError when the endpoint's key is not in the environment.
 */
export function createAgents(context: LlmCallerContext): Agents | null {
  const { config, store, runId } = context;
  if (config.llm === undefined) return null;
  const planner = new LlmCaller(context, "planner");
  const reflector = new LlmCaller(context, "reflector");

  async function orRules<T>(role: string, ask: () => Promise<T>, rules: () => T): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof LlmFault)) throw error;
      const text = `${role}: ${error.message}; the rules played the role this time`;
      await store.events.append({ runId, kind: "llm-fault", actor: role, trial: null, text, fields: { fault: error.kind } });
      return rules();
    }
  }

  const isLlmPolicy = config.policy === "llm" || config.policy === "hybrid";
  const policy = isLlmPolicy
    ? new LlmPolicy({
        name: config.policy === "llm" ? "llm" : "hybrid",
        caller: new LlmCaller(context, "selector"),
        optimiser: createPolicy("lookahead", config),
        goal: config.goal,
        pastDecisions: () => store.decisions.list(runId),
      })
    : createPolicy(config.policy === "random" || config.policy === "greedy" ? config.policy : "lookahead", config);

  return {
    plan: (input, signal) =>
      orRules(
        "planner",
        () => planWithLlm(planner, input, config.goal, signal),
        () => makePlan(input),
      ),
    policy,
    reflect: (input, signal) =>
      orRules(
        "reflector",
        () => reflectWithLlm(reflector, input, config.goal, signal),
        () => writeMemory(input),
      ),
  };
}
