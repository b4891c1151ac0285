import type { RunConfig } from "#src/config/run-config.ts";

/** One place where two configs differ. */
export interface ConfigChange {
  path: string;
  before: unknown;
  after: unknown;
  /** A model, dataset or task that the run does not have yet. */
  isNewObject: boolean;
}

const objectSections = new Set(["models", "datasets", "tasks"]);

/** What may change while a run goes on; anything else makes it another run. */
const changeable = [/^goal$/, /^budget\./, /^approval\./, /^tasks\.[^.]+\.(weight|floor)$/, /^executor\./, /^policy$/, /^llm(\.|$)/];

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function compare(before: unknown, after: unknown, path: readonly string[]): ConfigChange[] {
  if (isMap(before) && isMap(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => compare(before[name], after[name], [...path, name]));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const isNewObject = before === undefined && path.length === 2 && objectSections.has(path[0] ?? "");
  return [{ path: path.join("."), before, after, isNewObject }];
}

/** Where two configs differ, in the order of the file. */
export function configChanges(before: RunConfig, after: RunConfig): ConfigChange[] {
  return compare(before, after, []);
}

/** Whether a run may go on with this change: settings that may change, and what joins it. */
export function mayChange({ path, isNewObject }: ConfigChange): boolean {
  return isNewObject || changeable.some((pattern) => pattern.test(path));
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

/** `budget.trials: 30 → 60` */
export function formatChange({ path, before, after }: ConfigChange): string {
  return `${path}: ${show(before)} → ${show(after)}`;
}
