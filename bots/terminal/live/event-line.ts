import type { TemperEvent } from "#src/store/store.ts";

/** Events that only say what the lanes show already. */
const quiet = new Set(["trial-select", "trial-start", "run-create"]);
/** Of these a person at a terminal wants to know at once; the block shows the rest. */
const loud = new Set([
  "trial-error",
  "job-retry",
  "approval-request",
  "approval-expire",
  "approval-decide",
  "llm-fault",
  "task-constant",
  "budget-half",
  "directive-add",
  "run-end",
  "final-open",
]);

/** The line that stays for an event, or null. `detail` = also what the live block would show: for pipes. */
export function eventLine(event: TemperEvent, detail: boolean): string | null {
  if (quiet.has(event.kind)) return null;
  // The end of a trial says more than its result: what was learnt from it. Of a failure the result says the cause.
  if (event.kind === "trial-result") {
    const { result, warnings } = event.fields;
    const warns = Array.isArray(warnings) && warnings.length > 0;
    const saysMore = result === "failed" || (result === "skipped" && !detail) || (warns && detail);
    return saysMore ? event.text : null;
  }
  if (event.kind === "trial-end" && event.fields["state"] === "failed") return null;
  return detail || loud.has(event.kind) ? event.text : null;
}
