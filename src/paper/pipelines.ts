import { actionSchema } from "../action/action-schema.ts";
import { type Action, fullFidelity } from "../action/action.ts";
import { canonicalJson } from "../action/canonical-json.ts";
import { describeMethod } from "../action/describe-action.ts";
import type { RunRecord } from "../search/run-record.ts";

/** One action of a pipeline, with the id that its model has there. Parents come before their children. */
export interface PipelineStep {
  model: string;
  action: Action;
}

/** The actions that made a model of a run, back to the base. @throws RangeError when the run made no such model. */
export function pipelineOf(record: RunRecord, model: string): PipelineStep[] {
  const made = new Map(record.trials.flatMap((row) => (row.model === null ? [] : [[row.model, actionSchema.parse(row.action)] as const])));
  if (!made.has(model)) throw new RangeError(`${record.experiment}, ${record.arm}, world ${record.world} made no ${model}`);
  const steps = new Map<string, PipelineStep>();
  const add = (id: string) => {
    const action = made.get(id);
    if (action === undefined || steps.has(id)) return;
    for (const parent of action.models) add(parent);
    steps.set(id, { model: id, action: { ...action, seed: 0, fidelity: fullFidelity } });
  };
  add(model);
  return [...steps.values()];
}

/** What a pipeline is, whatever its models are called: equal pipelines of two runs have equal shapes. */
export function shapeOf(steps: readonly PipelineStep[]): string {
  const shapes = new Map<string, string>();
  for (const { model, action } of steps) {
    const parents = action.models.map((id) => shapes.get(id) ?? "base");
    const sorted = action.type.startsWith("merge_") ? parents.toSorted() : parents;
    shapes.set(model, canonicalJson({ ...action, seed: 0, models: sorted, datasets: action.datasets.toSorted() }));
  }
  return shapes.get(steps.at(-1)?.model ?? "") ?? "base";
}

/** `m1: SFT on math, 80 steps; m4: TIES merge of m1 and m2, density 0.5`. */
export function describePipeline(steps: readonly PipelineStep[]): string {
  return steps.map(({ model, action }) => `${model} = ${describeMethod(action)} (${action.models.join(", ")})`).join("; ");
}

/** A model that runs have made, with its pipeline. */
export interface FoundPipeline {
  seed: number;
  model: string;
  /** Aggregate `search` score. */
  search: number;
  steps: PipelineStep[];
}

/** Every different pipeline that ended in a model, best `search` score first; of equal pipelines the first is kept. */
export function foundPipelines(records: readonly RunRecord[]): FoundPipeline[] {
  const shapes = new Set<string>();
  return records
    .flatMap((record) =>
      record.trials.flatMap(({ model, aggregate }) => (model === null || aggregate === null ? [] : [{ record, model, search: aggregate }])),
    )
    .toSorted((a, b) => b.search - a.search)
    .flatMap(({ record, model, search }) => {
      const steps = pipelineOf(record, model);
      const shape = shapeOf(steps);
      if (shapes.has(shape)) return [];
      shapes.add(shape);
      return [{ seed: record.world, model, search, steps }];
    });
}

/** The best of them such that none is a part of another: near-siblings say little. */
export function topPipelines(found: readonly FoundPipeline[], count: number): FoundPipeline[] {
  const chosen: FoundPipeline[] = [];
  const contains = (whole: FoundPipeline, part: FoundPipeline) =>
    whole.seed === part.seed && whole.steps.some(({ model }) => model === part.model);
  for (const pipeline of found) {
    if (chosen.length === count) break;
    if (chosen.some((other) => contains(other, pipeline) || contains(pipeline, other))) continue;
    chosen.push(pipeline);
  }
  return chosen;
}
