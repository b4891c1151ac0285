import type { RunConfig } from "../config/run-config.ts";
import { ConfigError } from "../errors.ts";
import { judgeOverlaps } from "../pool/overlap-gate.ts";
import type { PreparedObjects } from "../pool/prepared-objects.ts";
import type { Run, Store } from "../store/store.ts";
import { recordOverlaps } from "./record-overlaps.ts";
import { registerObjects } from "./register-objects.ts";

interface NewRun {
  config: RunConfig;
  prepared: PreparedObjects;
  now: Date;
  /** Who starts it. */
  author?: string;
  /** `platform:id` of who starts it; left out = somebody at a terminal of the home. */
  requester?: string;
}

/**
 * Registers a run with its objects. Its id is the name with a number, `demo.1`; base models are `m0`, `m1`, … in the
 * order of the config.
 * @throws ConfigError when `prepare` found problems.
 */
export async function createRun(
  store: Store,
  { config, prepared, now, author = "owner", requester = `terminal:${author}` }: NewRun,
): Promise<Run> {
  if (prepared.problems.length > 0) throw new ConfigError(prepared.problems.map(toIssue));
  const { models, datasets, tasks } = registerObjects(config, prepared, (place) => `m${place}`);

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
      fields: { seed: run.seed, policy: config.policy, revisions: revisions(prepared), requester },
    });
    const { allowed } = judgeOverlaps(config, prepared);
    await recordOverlaps(inside, { runId: run.id, author, allowed, prepared });
    return run;
  });
}

/** Messages name the row themselves. */
function toIssue({ object, message }: PreparedObjects["problems"][number]) {
  return { file: object, path: "", message };
}

/** Commits that hub ids were resolved to, for the record. */
function revisions({ models, datasets }: PreparedObjects): Record<string, string> {
  return Object.fromEntries([...models, ...datasets].flatMap(({ id, revision }) => (revision === null ? [] : [[id, revision]])));
}
