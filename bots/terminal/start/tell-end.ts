import type { CommandHost } from "../command-host.ts";
import { exitCodes, type ExitCode } from "../exit-code.ts";
import { homeFlag } from "../home-flag.ts";
import type { OpenedHome } from "../home.ts";
import type { DriveEnd } from "../live/drive-run.ts";
import { renderSummary } from "../render/render-summary.ts";
import { loadSummary } from "../summary/load-summary.ts";
import type { Summary } from "../summary/summary.ts";

interface Telling {
  host: CommandHost;
  opened: OpenedHome;
  runId: string;
  end: DriveEnd;
  json: boolean;
  comeBack: string;
}

function exitCodeOf(end: DriveEnd, state: string): ExitCode {
  if (end === "waiting") return exitCodes.waiting;
  return (end === "ended" || end === "over") && state !== "failed" ? exitCodes.done : exitCodes.failed;
}

/** What the person may do now. */
function nextSteps({ opened, host, end, comeBack }: Telling, summary: Summary): string[] {
  if (end === "waiting") {
    const noun = summary.waiting === 1 ? "approval is" : "approvals are";
    return [`${summary.waiting} ${noun} waited for: temper approve (or reject), then ${comeBack}`];
  }
  if (end === "drained" || end === "left") return [`Not finished. Go on with: ${comeBack}`];
  const place = homeFlag(host.terminal, opened);
  const model = summary.best?.model;
  if (summary.state === "failed") return [`Once the cause is gone, go on with: ${comeBack}`];
  if (model === undefined) return [];
  return [
    `Ask   temper why ${model}${place}      Recipe   temper recipe ${model}${place}`,
    `Next  temper finalize${place} (opens the final split, once)      temper report${place}`,
  ];
}

/** Tells what came of a run and gives the exit code. */
export async function tellEnd(telling: Telling): Promise<ExitCode> {
  const { host, opened, runId, end, json } = telling;
  const run = await opened.store.runs.find(runId);
  if (run === null) return exitCodes.failed;
  const summary = await loadSummary(opened.store, run, null);
  if (json) host.printJson({ end, ...summary });
  else {
    const state = `The run ${run.name} is ${run.state}: ${run.stateReason.replace(/\.+$/, "")}.`;
    host.print(`\n${state}\n${renderSummary(summary)}\n${nextSteps(telling, summary).join("\n")}`);
  }
  return exitCodeOf(end, run.state);
}
