import type { OverlapVerdict } from "../pool/overlap-gate.ts";
import type { PreparedObjects } from "../pool/prepared-objects.ts";
import type { Store } from "../store/store.ts";

interface Allowed {
  runId: string;
  author: string;
  allowed: OverlapVerdict["allowed"];
  prepared: PreparedObjects;
}

/** Puts on record what the config allows to stand in evaluation splits. */
export async function recordOverlaps(store: Store, { runId, author, allowed, prepared }: Allowed): Promise<void> {
  const found = [...prepared.datasets, ...(prepared.known_overlaps ?? [])];
  for (const { dataset, text } of allowed) {
    const rows = found.find(({ id }) => id === dataset)?.overlap?.rows ?? null;
    await store.events.append({ runId, kind: "overlap-allow", actor: author, trial: null, text, fields: { dataset, rows } });
  }
}
