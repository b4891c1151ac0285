import { join } from "node:path";
import { LlmCaller } from "#graphs/agents/llm/llm-caller.ts";
import { LlmPolicy } from "#graphs/agents/selector/llm-policy.ts";
import { createPolicy } from "#src/policy/create-policy.ts";
import { openStore } from "#src/store/open-store.ts";
import type { Store } from "#src/store/store.ts";
import { startScriptedOpenai } from "#tests/scripted-openai/server.ts";
import type { BenchContext } from "../../bench.ts";
import { LandscapeWorld } from "../landscape-world.ts";
import type { RunRecord } from "#src/search/run-record.ts";
import { withRules } from "#src/search/search-run.ts";
import { runSearch } from "#src/search/run-search.ts";
import type { ScriptedModel } from "./scripted-models.ts";

interface HybridSearch {
  store: Store;
  arm: string;
  /** Null: the optimiser alone. */
  model: ScriptedModel | null;
  worldNumber: number;
  trials: number;
}

const now = () => new Date(0);

interface HybridWorlds {
  context: BenchContext;
  /** By arm; the optimiser alone is the arm `alone`. */
  models(worldNumber: number): Readonly<Record<string, ScriptedModel>>;
  worlds: number;
  trials: number;
}

/** The optimiser alone and with each model, in every world. */
export async function searchWithModels({ context, models, worlds, trials }: HybridWorlds): Promise<RunRecord[]> {
  const { scratch, print } = context;
  const store = await openStore({ home: join(scratch, "home") });
  const records: RunRecord[] = [];
  try {
    for (let worldNumber = 0; worldNumber < worlds; worldNumber++) {
      for (const [arm, model] of Object.entries<ScriptedModel | null>({ alone: null, ...models(worldNumber) }))
        records.push(await searchWithModel({ store, arm, model, worldNumber, trials }));
      if ((worldNumber + 1) % 5 === 0) print(`${worldNumber + 1} of ${worlds} worlds`);
    }
  } finally {
    await store.close();
  }
  return records;
}

/** One run on the simulated landscape: the optimiser alone, or with a scripted model that is asked over HTTP. */
async function searchWithModel({ store, arm, model, worldNumber, trials }: HybridSearch): Promise<RunRecord> {
  const points = { trials: [trials], steps: [] };
  const shared = { experiment: `landscape, ${trials} trials`, arm, worldNumber, trials, points };
  const optimiser = createPolicy("lookahead", new LandscapeWorld(worldNumber).config);
  if (model === null) return await runSearch({ ...shared, world: new LandscapeWorld(worldNumber), roles: withRules(optimiser) });
  const server = await startScriptedOpenai(model);
  try {
    const llm = { default: { model: "scripted", base_url: server.baseUrl } };
    const world = new LandscapeWorld(worldNumber, { llm, policy: "hybrid" });
    const runId = `${arm}-${worldNumber}`;
    const state = { state: "running", stateReason: "benchmark", endedAt: null, finalOpenedAt: null } as const;
    await store.runs.create({ id: runId, name: runId, config: world.config, tasks: [], seed: 0, createdAt: now().toISOString(), ...state });
    const caller = new LlmCaller({ config: world.config, runId, store, env: {}, now }, "selector");
    const policy = new LlmPolicy({ name: "hybrid", caller, optimiser, goal: world.config.goal, pastDecisions: async () => [] });
    return await runSearch({ ...shared, world, roles: withRules(policy) });
  } finally {
    await server.close();
  }
}
