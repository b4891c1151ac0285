import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type RunConfig, runConfigSchema } from "#src/config/run-config.ts";
import { createRun } from "#src/service/create-run.ts";
import { openStore } from "#src/store/open-store.ts";
import type { Run, Store, Trial } from "#src/store/store.ts";
import type { ScriptedBehaviour } from "#tools/executors/scripted/behaviour.ts";
import { createScriptedExecutor, type ScriptedClock } from "#tools/executors/scripted/create-scripted-executor.ts";
import type { PreparedMetrics } from "#tools/prepare/prepared-cache.ts";
import { Conductor, type ConductorOptions } from "#graphs/conductor/conductor.ts";

const itemsPerSplit = 60;
const taskNames = ["math", "trivia", "common"];
const datasetNames = ["math", "trivia", "common", "noisy"];

/** A config for the scripted executor; everything that a test does not name is small and quick. */
export function scriptedConfig(parts: Record<string, unknown> = {}): RunConfig {
  return runConfigSchema.parse({
    name: "scripted",
    models: { base: { path: "scripted/base" } },
    datasets: Object.fromEntries(datasetNames.map((name) => [name, { path: `scripted/${name}.jsonl` }])),
    tasks: Object.fromEntries(
      taskNames.map((name) => [name, { kind: "generate", path: `scripted/${name}`, verifier: { kind: "exact" }, max_new_tokens: 8 }]),
    ),
    actions: { sft: { max_steps: [80, 20] }, merge_linear: {}, merge_ties: { density: [0.5, 0.8] } },
    policy: "random",
    baselines: false,
    budget: { trials: 5 },
    executor: { kind: "scripted" },
    ...parts,
  });
}

/** What `prepare` would say of that config, with item files that really are there. */
export function preparedObjects(config: RunConfig, home: string): PreparedMetrics {
  const items = { search: itemsPerSplit, confirm: itemsPerSplit, final: itemsPerSplit };
  const cache = path.join(home, "cache");
  return {
    models: Object.keys(config.models).map((id) => ({
      id,
      key: `base-key-${id}`,
      path: path.join(cache, "models", id),
      architecture: "LlamaForCausalLM",
      compatibility: "same",
      parameters: 1000,
      form: "full",
      revision: null,
    })),
    datasets: Object.keys(config.datasets).map((id) => ({
      id,
      key: `dataset-key-${id}`,
      path: path.join(cache, "datasets", `${id}.jsonl`),
      format: "prompt_completion",
      rows: 500,
      skipped_rows: 0,
      mean_tokens: 20,
      revision: null,
      overlap: { rows: { search: 0, confirm: 0, final: 0, any: 0 }, found: [], list: null },
    })),
    tasks: Object.keys(config.tasks).map((id) => {
      const directory = path.join(cache, "tasks", id);
      mkdirSync(directory, { recursive: true });
      for (const split of ["train", "search", "confirm", "final"]) {
        writeFileSync(path.join(directory, `${split}.jsonl`), '{"prompt":"p","answer":"a","id":"1"}\n'.repeat(itemsPerSplit));
      }
      return {
        id,
        key: `task-key-${id}`,
        path: directory,
        items,
        majority: { search: 0.1, confirm: 0.1, final: 0.1 },
        longest_answer_tokens: 4,
      };
    }),
    problems: [],
  };
}

export interface ScriptedWorld {
  home: string;
  store: Store;
  config: RunConfig;
  run: Run;
  /** Attempts that were submitted so far, over all executors of the world. */
  submitted(): string[];
  conductor(options?: Partial<ConductorOptions> & { behaviour?: Partial<ScriptedBehaviour>; clock?: ScriptedClock }): Conductor;
  trials(): Promise<Trial[]>;
  /** Events of a kind, as `(trial) text`. */
  events(kind: string): Promise<string[]>;
  close(): Promise<void>;
}

/** A home of its own with a store and a run on scripted jobs. */
export async function openScriptedWorld(parts: Record<string, unknown> = {}, now?: () => Date): Promise<ScriptedWorld> {
  const home = mkdtempSync(path.join(tmpdir(), "temper-graph-"));
  const store = await openStore({ home, ...(now === undefined ? {} : { now }) });
  const config = scriptedConfig(parts);
  const run = await createRun(store, { config, prepared: preparedObjects(config, home), now: now?.() ?? new Date() });
  const conductors: Conductor[] = [];
  const executors: ReturnType<typeof createScriptedExecutor>[] = [];
  return {
    home,
    store,
    config,
    run,
    submitted: () => executors.flatMap((executor) => executor.submitted),
    conductor: ({ behaviour, clock, ...options } = {}) => {
      const executor = createScriptedExecutor({
        ...(behaviour === undefined ? {} : { behaviour }),
        ...(clock === undefined ? {} : { clock }),
      });
      const conductor = new Conductor({ store, home, executor, pollMs: 20, ...(now === undefined ? {} : { now }), ...options });
      executors.push(executor);
      conductors.push(conductor);
      return conductor;
    },
    trials: () => store.trials.list(run.id),
    events: async (kind) =>
      (await store.events.list(run.id)).filter((event) => event.kind === kind).map((event) => `(${event.trial}) ${event.text}`),
    close: async () => {
      for (const conductor of conductors) await conductor.close();
      for (const executor of executors) await executor.close();
      await store.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
