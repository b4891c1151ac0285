import { z } from "zod";
import type { PoolModel, Split } from "#src/pool/objects.ts";
import { compareOverSeeds, measureOverSeeds, type Seeded } from "#src/score/compare-over-seeds.ts";
import type { Measured } from "#src/score/evaluation.ts";
import { seedVariance, type SeedVariance } from "#src/score/seed-variance.ts";
import { ModelScores } from "#src/service/model-scores.ts";
import { repeatedTrainings } from "#src/service/repeated-trainings.ts";
import type { Run, Store } from "#src/store/store.ts";
import type { Reference } from "./contenders.ts";
import type { RunView } from "./run-view.ts";

/** How much is done before `final` is opened. */
export const confirmSettingsSchema = z.strictObject({
  /** Most candidates that are made again. */
  candidates: z.int().positive(),
  /** Training seeds that each is made again under; 0 reads the models as they are. */
  seeds: z.int().nonnegative(),
});
export type ConfirmSettings = z.infer<typeof confirmSettingsSchema>;

/** Three seeds are the fewest whose spread says something. */
export const usualConfirmation: ConfirmSettings = { candidates: 3, seeds: 3 };

/** The event that says what came of the confirmation; the settings stand in it, so that a second call goes the same way. */
export const confirmEvent = "confirm-read";

/** A pipeline that was made again. */
export interface Reseeded {
  model: PoolModel;
  /** The same pipeline under fresh seeds; itself where no seed changes it, or none was asked for. */
  again: PoolModel[];
  /** Whether a training seed changes it. */
  isTrained: boolean;
}

/** A candidate, read on `confirm` over its seeds. */
export interface Confirmed {
  model: string;
  trial: number | null;
  role: "candidate" | "reference";
  search: Measured;
  confirm: Measured;
  /** Paired over items and seeds; null for the strongest baseline itself. */
  overReference: Measured | null;
}

export interface Confirmation {
  settings: ConfirmSettings;
  rows: Confirmed[];
  winner: string;
  /** What could not be made again, in words. */
  failures: string[];
}

/** Settings of the last confirmation; null when there was none. */
export async function confirmedBefore(store: Store, runId: string): Promise<{ settings: ConfirmSettings; candidates: string[] } | null> {
  const event = (await store.events.list(runId)).findLast(({ kind }) => kind === confirmEvent);
  const parsed = z.object({ settings: confirmSettingsSchema, candidates: z.array(z.string()) }).safeParse(event?.fields);
  return parsed.success ? parsed.data : null;
}

/** Outcomes of a pipeline's seeds on a split. */
export async function readSeeds(scores: ModelScores, { again, isTrained }: Reseeded): Promise<Seeded> {
  return { seeds: await scores.outcomesOf(again), isTrained };
}

/**
 * The variance between training seeds, from all that was made more than once: these pipelines on `split`, and on `search`
 * the baseline that was repeated with its repeats. A training that is in both (the strongest baseline may be the one that
 * was repeated) counts once, on `split`.
 */
export async function pooledNoise(store: Store, run: Run, pipelines: readonly Reseeded[], split: Split): Promise<SeedVariance | null> {
  const onSplit = await ModelScores.open(store, run, split);
  const onSearch = await ModelScores.open(store, run, "search");
  const again = new Map(pipelines.filter(({ isTrained }) => isTrained).map((pipeline) => [pipeline.model.id, pipeline.again]));
  const groups = [...again.values()].filter((trainings) => trainings.length > 1);
  const counted = new Set(groups.flat().map(({ key }) => key));
  const repeated = (await repeatedTrainings(store, run.id)).map((trials) => trials.filter(({ key }) => !counted.has(key)));
  const outcomes = [
    ...(await Promise.all(groups.map((trainings) => onSplit.outcomesOf(trainings)))),
    ...(await Promise.all(repeated.map((trials) => onSearch.outcomesOf(trials)))),
  ];
  return seedVariance(outcomes, onSplit.weights);
}

/** Puts the candidates in order on `confirm`. Fresh seeds speak for a pipeline: the one that was searched with was chosen for its luck too. */
export async function readConfirmation(
  store: Store,
  view: RunView,
  input: { candidates: readonly Reseeded[]; reference: Reseeded & Pick<Reference, "label">; settings: ConfirmSettings; failures: string[] },
): Promise<Confirmation> {
  const { candidates, reference, settings, failures } = input;
  const search = await ModelScores.open(store, view.run, "search");
  const confirm = await ModelScores.open(store, view.run, "confirm");
  const noise = await pooledNoise(store, view.run, [...candidates, reference], "confirm");
  const context = { weights: confirm.weights, split: "confirm", noise } as const;
  const against = await readSeeds(confirm, reference);
  const rows: Confirmed[] = [];
  const pipelines = candidates.some(({ model }) => model.id === reference.model.id) ? candidates : [...candidates, reference];
  for (const pipeline of pipelines) {
    const { model } = pipeline;
    const outcomes = await search.outcomes(model);
    const seeded = await readSeeds(confirm, pipeline);
    if (outcomes === null || seeded.seeds.length === 0) continue;
    const isReference = model.id === reference.model.id;
    rows.push({
      model: model.id,
      trial: model.trial,
      role: isReference ? "reference" : "candidate",
      search: search.measure(outcomes),
      confirm: measureOverSeeds(seeded, context),
      overReference: isReference || against.seeds.length === 0 ? null : compareOverSeeds(seeded, against, context),
    });
  }
  const ranked = rows.toSorted((a, b) => b.confirm.mean - a.confirm.mean);
  const winner = ranked.find((row) => candidates.some(({ model }) => model.id === row.model)) ?? ranked[0];
  return { settings, rows: ranked, winner: winner?.model ?? candidates[0]?.model.id ?? "", failures };
}
