import packageJson from "../../package.json" with { type: "json" };
import { actionTypes } from "../action/action-types.ts";
import type { Action, SettingValue } from "../action/action.ts";
import { TemperError } from "../errors.ts";
import type { PoolDataset, PoolModel } from "../pool/objects.ts";
import type { Run, Store } from "../store/store.ts";
import { expectedScores } from "./expected-scores.ts";
import { readLineage } from "./read-lineage.ts";
import { readModelCard } from "./model-card.ts";
import { resolvedRevisions } from "./resolved-revisions.ts";
import { type Recipe, recipeVersion, type RecipeStep } from "./recipe-schema.ts";

/** A base is called by its config's name, a step by the id that its model had in the run. */
const nameOf = (model: PoolModel) => model.name ?? model.id;

function lost(kind: string, name: string): never {
  throw new TemperError("not_found", `The run's ${kind} "${name}" is not on record: no recipe can be written without it.`, { name });
}

function sourceOf<Source>(sources: Record<string, Source>, kind: string, name: string): Source {
  return sources[name] ?? lost(kind, name);
}

function mutable(setting: Action["setting"]): Record<string, SettingValue> {
  return Object.fromEntries(Object.entries(setting));
}

interface StepInput {
  model: PoolModel;
  action: Action;
  models: ReadonlyMap<string, PoolModel>;
  modelHash: string | null;
}

function stepOf({ model, action, models, modelHash }: StepInput): RecipeStep {
  return {
    name: model.id,
    action: action.type,
    models: action.models.map((id) => nameOf(models.get(id) ?? lost("model", id))),
    datasets: action.datasets,
    setting: mutable(action.setting),
    seed: action.seed,
    fidelity: action.fidelity,
    key: model.key,
    result_version: actionTypes[action.type].resultVersion,
    ...(modelHash === null ? {} : { model_hash: modelHash }),
  };
}

/**
 * Writes down how a model was made: everything that a replay needs, and the scores that it should give.
 * @throws UserInputError when the run has no such model.
 */
export async function buildRecipe(store: Store, run: Run, modelId: string): Promise<Recipe> {
  const { lineage, models, actions } = await readLineage(store, run, modelId);
  const used = lineage.nodes.flatMap((node) => models.get(node.id) ?? []);
  const model = models.get(modelId) ?? lost("model", modelId);
  const revisions = await resolvedRevisions(store, run);
  const versions: Record<string, string> = { temper: packageJson.version };
  const steps: RecipeStep[] = [];
  for (const made of used.filter((each) => each.parents.length > 0)) {
    const card = await readModelCard(made.path);
    Object.assign(versions, card.versions);
    steps.push(
      stepOf({ model: made, action: actions.get(made.id) ?? lost("action of model", made.id), models, modelHash: card.modelHash }),
    );
  }
  const datasets = new Map((await store.objects.datasets(run.id)).map((dataset) => [dataset.id, dataset]));
  return {
    recipe: recipeVersion,
    name: `${run.name}-${modelId}`,
    found: { run: run.name, model: modelId, trial: model.trial, run_seed: run.seed },
    versions,
    models: basesOf(run, used, revisions),
    datasets: datasetsOf(run, { datasets, revisions }, steps),
    tasks: Object.fromEntries(run.tasks.map((task) => [task.id, { key: task.key, settings: sourceOf(run.config.tasks, "task", task.id) }])),
    steps,
    result: nameOf(model),
    expected: await expectedScores(store, run, model),
  };
}

type Revisions = Readonly<Record<string, string>>;

/** The revision that was asked for, else the commit that the hub's newest was resolved to. */
function pinned<Source extends { revision?: string | undefined }>(source: Source, name: string, revisions: Revisions): Source {
  const revision = source.revision ?? revisions[name];
  return revision === undefined ? source : { ...source, revision };
}

function basesOf(run: Run, used: readonly PoolModel[], revisions: Revisions): Recipe["models"] {
  const bases = used.filter((model) => model.parents.length === 0);
  return Object.fromEntries(
    bases.map((base) => {
      const name = nameOf(base);
      return [name, { ...pinned(sourceOf(run.config.models, "model", name), name, revisions), key: base.key }];
    }),
  );
}

function datasetsOf(
  run: Run,
  { datasets, revisions }: { datasets: ReadonlyMap<string, PoolDataset>; revisions: Revisions },
  steps: readonly RecipeStep[],
): Recipe["datasets"] {
  const names = [...new Set(steps.flatMap((step) => step.datasets))].toSorted();
  return Object.fromEntries(
    names.map((name) => {
      const { key, rows } = datasets.get(name) ?? lost("dataset", name);
      return [name, { ...pinned(sourceOf(run.config.datasets, "dataset", name), name, revisions), key, rows }];
    }),
  );
}
