import { z } from "zod";
import { actionTypeNames } from "../action/action.ts";
import { datasetSourceSchema, modelSourceSchema, taskSchema } from "../config/run-config.ts";
import { splits } from "../pool/objects.ts";

/** Raised when a recipe changes its form. */
export const recipeVersion = 1;

const settingValueSchema = z.union([z.number(), z.string(), z.boolean(), z.null(), z.array(z.number())]);

/** One action of a recipe. `models` are names of bases or of other steps. */
const recipeStepSchema = z.strictObject({
  name: z.string(),
  action: z.enum(actionTypeNames),
  models: z.array(z.string()).min(1),
  datasets: z.array(z.string()).default([]),
  setting: z.record(z.string(), settingValueSchema),
  seed: z.int().nonnegative().default(0),
  fidelity: z.strictObject({ data: z.number().gt(0).lte(1), steps: z.number().gt(0).lte(1) }).default({ data: 1, steps: 1 }),
  /** The action's key when it was made, and its script's result version: other versions may give other weights. */
  key: z.string(),
  result_version: z.int().positive(),
  /** Hash of the weights that came out. */
  model_hash: z.string().optional(),
});
export type RecipeStep = z.infer<typeof recipeStepSchema>;

const measuredSchema = z.strictObject({ mean: z.number(), low: z.number(), high: z.number(), items: z.int().positive() });

/** A pipeline written down so that it re-runs without an agent: sources with hashes, steps with settings, expected scores. */
export const recipeSchema = z.strictObject({
  recipe: z.literal(recipeVersion),
  name: z.string(),
  /** Where it was found. */
  found: z.strictObject({ run: z.string(), model: z.string(), trial: z.int().positive().nullable(), run_seed: z.int().nonnegative() }),
  /** Temper's and, where known, the libraries' versions. */
  versions: z.record(z.string(), z.string()),
  models: z.record(z.string(), modelSourceSchema.extend({ key: z.string() })),
  datasets: z.record(z.string(), datasetSourceSchema.extend({ key: z.string(), rows: z.int().positive() })),
  tasks: z.record(z.string(), z.strictObject({ key: z.string(), settings: taskSchema })),
  steps: z.array(recipeStepSchema),
  /** Name of the step (or base) whose model is the result. */
  result: z.string(),
  /** 95 % intervals; `score` is the weighted aggregate, `tasks` are in the metrics' own units. */
  expected: z.array(z.strictObject({ split: z.enum(splits), score: measuredSchema, tasks: z.record(z.string(), measuredSchema) })),
});
export type Recipe = z.infer<typeof recipeSchema>;
