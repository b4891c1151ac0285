import { z } from "zod";
import type { Run, Store } from "../store/store.ts";

const fieldsSchema = z.object({ revisions: z.record(z.string(), z.string()) });

/** Hub commits that a run's models and datasets were resolved to when it was created, by name. */
export async function resolvedRevisions(store: Store, run: Pick<Run, "id">): Promise<Readonly<Record<string, string>>> {
  const created = (await store.events.list(run.id, 0, 20)).find((event) => event.kind === "run-create");
  return fieldsSchema.safeParse(created?.fields).data?.revisions ?? {};
}
