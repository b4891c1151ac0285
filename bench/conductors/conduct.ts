import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Conductor } from "#graphs/conductor/conductor.ts";
import { openStore } from "#src/store/open-store.ts";
import type { Executor } from "#tools/executors/executor.ts";
import { createScriptedExecutor } from "#tools/executors/scripted/create-scripted-executor.ts";

/** One of several conductors of a run on PostgreSQL; notes what it submits, so that two that run one attempt are found. */
const { databaseUrl, home, runId, jobSeconds } = z
  .object({ databaseUrl: z.string(), home: z.string(), runId: z.string(), jobSeconds: z.number() })
  .parse(JSON.parse(process.argv[2] ?? ""));

const store = await openStore({ databaseUrl });
const scripted = createScriptedExecutor({ behaviour: { seconds: () => jobSeconds } });
const executor: Executor = {
  ...scripted,
  submit: async (attempt) => {
    appendFileSync(join(home, `submitted-${process.pid}.txt`), `${attempt.id} ${Date.now()}\n`);
    await scripted.submit(attempt);
  },
};
const conductor = new Conductor({ store, home, executor, databaseUrl });
await conductor.follow(runId);
await conductor.close();
await scripted.close();
await store.close();
