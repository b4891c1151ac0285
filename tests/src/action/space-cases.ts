import * as fc from "fast-check";
import { type ActionTypeName, actionTypeNames } from "#src/action/action.ts";
import type { SearchValue } from "#src/config/run-config.ts";
import { ChoiceSpace } from "#src/action/choice-space.ts";
import type { PoolDataset, PoolModel } from "#src/pool/objects.ts";
import { baseModel, dataset, madeModel } from "#tests/fixtures/pool-objects.ts";

type Search = Record<string, SearchValue | Record<string, SearchValue>>;

/** A small search space with its pool, as fast-check draws it. */
export interface SpaceCase {
  config: { actions: Partial<Record<ActionTypeName, Search>>; merge_parents: number; mixture_datasets: number; max_depth: number };
  models: PoolModel[];
  datasets: PoolDataset[];
}

const trainingSearch: Search[] = [{}, { max_steps: [80, 20] }, { peft: { r: [4, null] }, max_steps: [80, 20] }];
/** Temperatures count for mixtures only: a training on one dataset has none. */
const sftSearch: Search[] = [...trainingSearch, { mixture_temperature: [1, 4], max_steps: [80, 20] }, { mixture_temperature: 2 }];
const mergeSearch: Search[] = [{}, { weights: ["equal", [0.7, 0.3]] }, { weights: [[0.5, 0.3, 0.2]] }, { weights: [[1, 1, 2], "equal"] }];
const slerpSearch: Search[] = [{}, { t: [0.3, 0.5] }];

function searchOf(type: ActionTypeName): fc.Arbitrary<Search> {
  if (type === "merge_slerp") return fc.constantFrom(...slerpSearch);
  if (type === "sft") return fc.constantFrom(...sftSearch);
  return fc.constantFrom(...(type.startsWith("merge_") ? mergeSearch : trainingSearch));
}

const actions: fc.Arbitrary<SpaceCase["config"]["actions"]> = fc
  .uniqueArray(fc.constantFrom(...actionTypeNames), { minLength: 1, maxLength: 4 })
  .chain((types) => fc.tuple(...types.map((type) => searchOf(type).map((search) => [type, search] as const))))
  .map((entries) => Object.fromEntries(entries));

const models: fc.Arbitrary<PoolModel[]> = fc
  .array(fc.record({ other: fc.boolean(), compatible: fc.boolean(), mixed: fc.boolean(), depth: fc.integer({ min: 1, max: 4 }) }), {
    maxLength: 5,
  })
  .map((drawn) => [
    baseModel("m0"),
    baseModel("m1"),
    ...drawn.map(({ other, compatible, mixed, depth }, index) =>
      madeModel(`m${index + 2}`, { base: mixed ? null : other ? "m1" : "m0", compatibility: compatible ? "tiny" : "large", depth }),
    ),
  ]);

const datasets: fc.Arbitrary<PoolDataset[]> = fc
  .tuple(fc.subarray(["prompt_completion", "messages", "preference", "unpaired_preference"] as const), fc.integer({ min: 0, max: 2 }))
  .map(([formats, more]) => [
    ...formats.map((format) => dataset(`data_${format}`, format)),
    ...Array.from({ length: more }, (_, index) => dataset(`more_${index}`)),
  ]);

/** Search spaces small enough to be listed whole. */
export const spaceCases: fc.Arbitrary<SpaceCase> = fc.record({
  config: fc.record({
    actions,
    merge_parents: fc.integer({ min: 2, max: 4 }),
    mixture_datasets: fc.integer({ min: 1, max: 3 }),
    max_depth: fc.integer({ min: 2, max: 4 }),
  }),
  models,
  datasets,
});

/** The space of a case, with all objects of its pool. */
export function spaceOf({ config, models: pool, datasets: data }: SpaceCase): ChoiceSpace {
  const space = new ChoiceSpace(config);
  for (const model of pool) space.addModel(model);
  for (const each of data) space.addDataset(each);
  return space;
}
