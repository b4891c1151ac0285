import type { RunConfig } from "../config/run-config.ts";
import { GreedyPolicy } from "./greedy-policy.ts";
import { LookaheadPolicy } from "./lookahead/lookahead-policy.ts";
import type { Policy } from "./policy.ts";
import { RandomPolicy } from "./random-policy.ts";

/** Policies that need no language model. */
export type PolicyName = "random" | "greedy" | "lookahead";

/** A fresh policy, which has observed nothing yet. */
export function createPolicy(name: PolicyName, config: RunConfig): Policy {
  switch (name) {
    case "random":
      return new RandomPolicy();
    case "greedy":
      return new GreedyPolicy(config);
    case "lookahead":
      return new LookaheadPolicy(config);
  }
}
