import type { RunConfig } from "#src/config/run-config.ts";
import { createPolicy } from "#src/policy/create-policy.ts";
import type { Policy } from "#src/policy/policy.ts";
import { EvolutionPolicy } from "./evolution-policy.ts";
import { optunaPython } from "./optuna-python.ts";
import { TpePolicy } from "./tpe-policy.ts";

/** Ways to search that the benchmarks compare. `default` is what a run without a language model does. */
export type ArmName = "default" | "tpe" | "greedy" | "random" | "evolution";

export interface Arm {
  policy: Policy;
  close(): Promise<void>;
}

const close = async () => undefined;

/** A fresh arm, which has seen nothing yet. The caller closes it. */
export async function openArm(name: ArmName, { config, root, seed }: { config: RunConfig; root: string; seed: number }): Promise<Arm> {
  switch (name) {
    case "default":
      return { policy: createPolicy("lookahead", config), close };
    case "greedy":
    case "random":
      return { policy: createPolicy(name, config), close };
    case "evolution":
      return { policy: new EvolutionPolicy(config), close };
    case "tpe": {
      const policy = new TpePolicy({ python: await optunaPython(root), root, seed, limits: config });
      return { policy, close: () => policy.close() };
    }
  }
}
