import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readModelNeeds } from "#src/artefacts/needed-models.ts";
import type { Store } from "#src/store/store.ts";
import { modelDirectory } from "../jobs/attempt-files.ts";
import { measureHome } from "../jobs/measure-home.ts";
import { lastUsedMs, removeWeights, weightsState } from "./model-weights.ts";
import { modelsInUse } from "./models-in-use.ts";
import { removeScratch } from "./remove-scratch.ts";

/** A model that was just marked as used may have its job created in the next moment. */
const graceMs = 120_000;

export interface GarbageOptions {
  store: Store;
  home: string;
  now: Date;
  /** Removes models until the home takes no more than this; null = only what no attempt will ever use again. */
  targetBytes: number | null;
  /** Only says what would go. */
  dryRun?: boolean;
}

export interface Garbage {
  /** What went, or would go, with its bytes on disk. */
  removed: { kind: "scratch" | "model"; key: string; model: string | null; run: string | null; bytes: number }[];
  /** Models that could not go, with the reason. */
  kept: { key: string; why: string }[];
  homeBytes: number;
  freedBytes: number;
  /** True when the home still takes more than it should. */
  isOver: boolean;
}

/**
 * Makes room in a home: first scratch of jobs that are over, then models, the longest unused first and each run's best
 * last. Never bases, datasets and tasks, which recipes need; nor models that a pin, a trial or a job that is not over
 * needs. What goes is known by its card and is remade from its recipe when it is asked for.
 */
export async function collectGarbage({ store, home, now, targetBytes, dryRun = false }: GarbageOptions): Promise<Garbage> {
  const before = await measureHome(home);
  const garbage: Garbage = { removed: [], kept: [], homeBytes: before, freedBytes: 0, isOver: false };
  const take = (entry: Garbage["removed"][number]) => {
    garbage.removed.push(entry);
    garbage.freedBytes += entry.bytes;
  };
  for (const [key, bytes] of await removeScratch({ store, home }, { dryRun })) {
    take({ kind: "scratch", key, model: null, run: null, bytes });
  }
  if (targetBytes !== null && before - garbage.freedBytes > targetBytes) {
    for (const { key, model, run } of await candidates({ store, home, now }, garbage)) {
      if (before - garbage.freedBytes <= targetBytes) break;
      // Somebody may have begun to use it since: look again just before it goes.
      if (now.getTime() - (await lastUsedMs(home, key)) < graceMs) continue;
      const bytes = await measureHome(modelDirectory(home, key));
      if (!dryRun) await removeWeights(home, key);
      take({ kind: "model", key, model, run, bytes });
    }
  }
  garbage.homeBytes = before - garbage.freedBytes;
  garbage.isOver = targetBytes !== null && garbage.homeBytes > targetBytes;
  return garbage;
}

async function candidates({ store, home, now }: Pick<GarbageOptions, "store" | "home" | "now">, { kept }: Garbage) {
  const { made, needed, best } = await readModelNeeds(store);
  const used = await modelsInUse(store);
  const found: { key: string; model: string; run: string; isBest: boolean; usedMs: number }[] = [];
  for (const key of await readdir(join(home, "models")).catch(() => [])) {
    if (key.startsWith(".") || (await weightsState(home, key).catch(() => "absent")) !== "present") continue;
    const known = made.get(key);
    const usedMs = await lastUsedMs(home, key);
    const why = needed.get(key) ?? (used.has(key) ? "a job that is not over loads it" : null);
    if (known === undefined) kept.push({ key, why: "no run of this database knows how it was made" });
    else if (why !== null) kept.push({ key, why });
    else if (now.getTime() - usedMs < graceMs) kept.push({ key, why: "it was used a moment ago" });
    else found.push({ key, model: known.model.id, run: known.run.name, isBest: best.has(key), usedMs });
  }
  return found.toSorted((a, b) => Number(a.isBest) - Number(b.isBest) || a.usedMs - b.usedMs);
}
