import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CostModel } from "#src/budget/cost-model.ts";
import { type RunConfig, runConfigSchema } from "#src/config/run-config.ts";
import { openStore } from "#src/store/open-store.ts";
import type { Run, Store } from "#src/store/store.ts";
import type { Executor } from "#tools/executors/executor.ts";
import type { JobContext } from "#tools/job-context.ts";
import type { JobSpec, JobSpecStep } from "#tools/job-spec.ts";
import { sftSettingSchema } from "#src/action/types/sft.ts";

/** A home with a database and one run, for tests of jobs. */
export interface TestHome {
  home: string;
  store: Store;
  run: Run;
  logged: string[];
  context(executor: Executor): JobContext;
  remove(): Promise<void>;
}

/** Opens a fresh home below the system's temporary folder. */
export async function openTestHome(config: Partial<RunConfig> = {}): Promise<TestHome> {
  const home = await mkdtemp(join(tmpdir(), "temper-home-"));
  const store = await openStore({ home });
  const run = testRun("r1", config);
  await store.runs.create(run);
  await mkdir(join(home, "models"), { recursive: true });
  const logged: string[] = [];
  const log = { info: (_: unknown, text: string) => void logged.push(text), warn: (_: unknown, text: string) => void logged.push(text) };
  return {
    home,
    store,
    run,
    logged,
    context: (executor) => ({ store, executor, home, costModel: new CostModel(), now: () => new Date(), log }),
    remove: async () => {
      await store.close();
      // A warm worker that was just starting may still write there: it belongs to no process, and ends when idle.
      await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

/** A run that searches nothing: jobs need one to belong to. */
export function testRun(id: string, config: Partial<RunConfig> = {}): Run {
  const parsed = runConfigSchema.parse({ name: id, models: {}, datasets: {}, tasks: {}, actions: {} });
  return {
    id,
    name: id,
    state: "running",
    stateReason: "",
    config: { ...parsed, ...config },
    tasks: [],
    seed: 0,
    createdAt: "2026-01-01T00:00:00.000Z",
    endedAt: null,
    finalOpenedAt: null,
  };
}

/** 40 hex characters, different for each name. */
export function testKey(name: string): string {
  return Buffer.from(name).toString("hex").padEnd(40, "0").slice(0, 40);
}

const model = { key: "base", path: "/nowhere", adapters: [] };

/** A training whose fixture script behaves as told (real runner), or a plain one (scripted executor). */
export function trainStep(key: string, behaviour = "ok"): JobSpecStep {
  return {
    name: "train",
    script: "sft",
    key,
    seed: 0,
    inputs: {
      model,
      datasets: [{ key: `behave:${behaviour}`, path: "/nowhere", format: "prompt_completion", rows: 4, weight: 1 }],
      fidelity: { data: 1, steps: 1 },
    },
    settings: sftSettingSchema.parse({ max_steps: 80 }),
    publish: true,
    work: 1000,
  };
}

/** An evaluation of the model that `trainStep` makes. */
export function evaluateStep(key: string, home: string, behaviour = "ok"): JobSpecStep {
  const task = {
    kind: "generate",
    id: "math",
    key: `behave:${behaviour}`,
    items_path: "/nowhere",
    verifier: { kind: "exact" },
    max_new_tokens: 8,
    few_shot: 0,
    few_shot_path: null,
    chat_template: false,
    batch_size: 4,
  };
  return {
    name: "evaluate",
    script: "evaluate",
    key: `${key}-evaluation`,
    seed: 0,
    inputs: { model: { key, path: join(home, "models", key), adapters: [] }, split: "search", tasks: [task] },
    settings: {},
    publish: false,
    work: 1000,
  };
}

/** A job of both. */
export function trainSpec(home: string, name: string, behaviours: { train?: string; evaluate?: string } = {}): JobSpec {
  const key = testKey(name);
  return {
    run: "r1",
    trial: null,
    batch: null,
    key,
    actionType: "sft",
    purpose: "train",
    steps: [trainStep(key, behaviours.train), evaluateStep(key, home, behaviours.evaluate)],
  };
}

/** Writes a file of JSON, for behaviour files. */
export async function writeJson(file: string, document: unknown): Promise<void> {
  await writeFile(file, JSON.stringify(document));
}
