import { checkConfig } from "../config/check-config.ts";
import { type RunConfig, runConfigSchema } from "../config/run-config.ts";
import { UserInputError } from "../errors.ts";
import type { BudgetChange } from "../proposal/proposal.ts";
import type { Run, Store } from "../store/store.ts";

const shown = (value: number | null | undefined) => (value === undefined || value === null ? "no limit" : String(value));

/**
 * The config with another budget.
 * @throws UserInputError when a limit makes no sense.
 */
export function changedConfig(config: RunConfig, change: BudgetChange): RunConfig {
  const wanted = { ...config.budget, ...change };
  const budget = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null && value !== undefined));
  const parsed = runConfigSchema.shape.budget.safeParse(budget);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `budget.${issue.path.join(".")}: ${issue.message}`);
    throw new UserInputError(`${issues.join("; ")}. Limits are positive numbers, trials a whole one.`, {});
  }
  const changed = { ...config, budget: parsed.data };
  const [problem] = checkConfig(changed).filter(({ path }) => path[0] === "budget");
  if (problem !== undefined) throw new UserInputError(`${problem.path.join(".")}: ${problem.message}`, {});
  return changed;
}

/** `trials 40 → 60, device_hours no limit → 6`. */
export function describeBudgetChange({ budget }: RunConfig, change: BudgetChange): string {
  const now: Readonly<Record<string, number | undefined>> = budget;
  return Object.entries(change)
    .map(([name, value]) => `${name} ${shown(now[name])} → ${shown(value)}`)
    .join(", ");
}

/** Whether some limit becomes wider. */
export function widens({ budget }: RunConfig, change: BudgetChange): boolean {
  const now: Readonly<Record<string, number | undefined>> = budget;
  return Object.entries(change).some(([name, value]) => {
    const before = now[name];
    return before !== undefined && (value === null || (value !== undefined && value > before));
  });
}

/** Steps that a run may take; without a cap any number. */
function stepsOf({ budget }: RunConfig): number {
  return budget.steps ?? Number.POSITIVE_INFINITY;
}

/** Gives a run another budget; a finished run whose trials or steps were raised goes on. To be called in a transaction. */
export async function changeBudget(store: Store, run: Run, { change, author }: { change: BudgetChange; author: string }): Promise<void> {
  const config = changedConfig(run.config, change);
  await store.runs.setConfig(run.id, config);
  if (run.state === "finished" && (config.budget.trials > run.config.budget.trials || stepsOf(config) > stepsOf(run.config)))
    await store.runs.setState(run.id, ["finished"], "running", "its budget was raised");
  await store.events.append({
    runId: run.id,
    kind: "budget-change",
    actor: author,
    trial: null,
    text: `${author} changed the budget: ${describeBudgetChange(run.config, change)}.`,
    fields: { change },
  });
}
