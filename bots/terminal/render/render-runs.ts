import type { RunSummary } from "#src/service/list-runs.ts";
import { renderTable } from "./table.ts";

/** One line for each run. */
export function renderRuns(runs: readonly RunSummary[]): string {
  if (runs.length === 0) return "No run yet. Start one: temper start temper.yaml\n";
  return renderTable(
    [
      { title: "run" },
      { title: "state" },
      { title: "trials", align: "right" },
      { title: "waiting", align: "right" },
      { title: "started" },
      { title: "" },
    ],
    runs.map(({ id, state, chosen, trials, waiting, createdAt, stateReason }) => [
      id,
      state,
      `${chosen}/${trials}`,
      waiting === 0 ? "" : String(waiting),
      createdAt.slice(0, 16).replace("T", " "),
      stateReason,
    ]),
  );
}
