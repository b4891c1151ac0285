import type { Confirmation } from "#graphs/conductor/confirm.ts";
import { formatMargin } from "./format-margin.ts";

/** What was made again and read before `final` was opened. */
export function renderConfirmation({ settings, rows, failures }: Confirmation): string[] {
  if (settings.seeds === 0) return [`Read on confirm as they were, one training seed each: ${rows.map(({ model }) => model).join(", ")}.`];
  const read = rows.map(
    ({ model, role, confirm }) => `${model}${role === "reference" ? " (strongest baseline)" : ""} ${formatMargin(confirm)}`,
  );
  const seeds = settings.seeds === 1 ? "1 fresh training seed" : `${settings.seeds} fresh training seeds`;
  const few = settings.seeds < 3 ? " Three or more say more: --confirm-seeds 3." : "";
  const failed = failures.length === 0 ? [] : [`Could not be made again: ${failures.join("; ")}.`];
  return [`Made again under ${seeds} and read on confirm: ${read.join(", ")}.${few}`, ...failed];
}
