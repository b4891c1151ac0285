import type { RunConfig } from "#src/config/run-config.ts";
import { createPolicy } from "#src/policy/create-policy.ts";
import { type SearchRoles, withRules } from "#src/search/search-run.ts";
import type { Store } from "#src/store/store.ts";
import { createAgents } from "../agents/create-agents.ts";

/** Policies that may be an arm; `llm` and `hybrid` need a language model. */
export const armPolicies = ["lookahead", "greedy", "random", "llm", "hybrid"] as const;
export type ArmPolicy = (typeof armPolicies)[number];

/** Whether an arm asks a language model. */
export function needsModel(policy: ArmPolicy): boolean {
  return policy === "llm" || policy === "hybrid";
}

interface RolesContext {
  config: RunConfig;
  /** Name of the run in the books of the language models. */
  runId: string;
  openStore(): Promise<Store>;
  env: Readonly<Record<string, string | undefined>>;
  now(): Date;
}

/**
 * Planner, selector and reflector of an arm, which have seen nothing yet.
 * @throws ConfigError when the arm needs a language model and the config or the environment lacks what it takes.
 */
export async function openRoles(policy: ArmPolicy, { config, runId, openStore, env, now }: RolesContext): Promise<SearchRoles> {
  if (policy !== "llm" && policy !== "hybrid") return withRules(createPolicy(policy, config));
  const store = await openStore();
  const own: RunConfig = { ...config, policy };
  const id = `${runId} ${now().toISOString()}`;
  const state = { state: "running", stateReason: "temper paper", endedAt: null, finalOpenedAt: null } as const;
  await store.runs.create({ id, name: id, config: own, tasks: [], seed: 0, createdAt: now().toISOString(), ...state });
  const agents = createAgents({ config: own, runId: id, store, env, now });
  return agents ?? withRules(createPolicy("lookahead", config));
}
