import { keyOfTask } from "../action/key.ts";
import type { RunConfig } from "../config/run-config.ts";
import { ConfigError, ContractError } from "../errors.ts";
import type { PoolDataset, PoolModel, RegisteredTask } from "../pool/objects.ts";
import type { PreparedObjects } from "../pool/prepared-objects.ts";
import type { Run, Store } from "../store/store.ts";

interface NewRun {
  config: RunConfig;
  prepared: PreparedObjects;
  now: Date;
  /** Who starts it. */
  author?: string;
}

/**
 * Registers a run with its objects. Its id is the name with a number, `demo.1`; base models are `m0`, `m1`, … in the
 * order of the config.
 * @throws ConfigError when `prepare` found problems.
 */
export async function createRun(store: Store, { config, prepared, now, author = "owner" }: NewRun): Promise<Run> {
  if (prepared.problems.length > 0) throw new ConfigError(prepared.problems.map(toIssue));
  const models = Object.keys(config.models).map((name, index) => baseModel(`m${index}`, name, named(prepared.models, "model", name)));
  const datasets = Object.keys(config.datasets).map((name) => poolDataset(named(prepared.datasets, "dataset", name)));
  const tasks = Object.keys(config.tasks).map((name) => registeredTask(config, named(prepared.tasks, "task", name)));

  return store.transaction(async (inside) => {
    const namesakes = (await inside.runs.list()).filter((run) => run.name === config.name).length;
    const run: Run = {
      id: `${config.name}.${namesakes + 1}`,
      name: config.name,
      state: "running",
      stateReason: "started",
      config,
      tasks,
      seed: config.seed,
      createdAt: now.toISOString(),
      endedAt: null,
      finalOpenedAt: null,
    };
    await inside.runs.create(run);
    for (const object of [...models, ...datasets]) await inside.objects.add(run.id, object);
    await inside.events.append({
      runId: run.id,
      kind: "run-create",
      actor: author,
      trial: null,
      text: `Run ${run.name} with ${models.length} base models, ${datasets.length} datasets and ${tasks.length} tasks.`,
      fields: { seed: run.seed, policy: config.policy, revisions: revisions(prepared) },
    });
    return run;
  });
}

/** Messages name the row themselves. */
function toIssue({ object, message }: PreparedObjects["problems"][number]) {
  return { file: object, path: "", message };
}

function named<T extends { id: string }>(objects: readonly T[], kind: string, id: string): T {
  const object = objects.find((candidate) => candidate.id === id);
  if (object === undefined)
    throw new ContractError(`prepare said nothing of ${kind} ${id}, which the config names. This is a bug of prepare.`, { kind, id });
  return object;
}

function baseModel(id: string, name: string, prepared: PreparedObjects["models"][number]): PoolModel {
  const { key, path, compatibility, parameters, form } = prepared;
  return { kind: "model", id, name, key, parents: [], trial: null, base: id, depth: 0, compatibility, parameters, path, form };
}

function poolDataset({ id, key, format, rows, mean_tokens: meanTokens, path }: PreparedObjects["datasets"][number]): PoolDataset {
  return { kind: "dataset", id, key, format, rows, meanTokens, path };
}

function registeredTask(config: RunConfig, { id, key, items, majority, path }: PreparedObjects["tasks"][number]): RegisteredTask {
  const settings = config.tasks[id];
  const kind = settings?.kind ?? "generate";
  return { id, key: keyOfTask(key, settings), kind, items, path, maximum: settings?.kind === "lm_eval" ? settings.maximum : 1, majority };
}

/** Commits that hub ids were resolved to, for the record. */
function revisions({ models, datasets }: PreparedObjects): Record<string, string> {
  return Object.fromEntries([...models, ...datasets].flatMap(({ id, revision }) => (revision === null ? [] : [[id, revision]])));
}
