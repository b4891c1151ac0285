import type { RunConfig } from "../config/run-config.ts";

/** What the graph does when nobody answered: skip the trial, ask once more, or stop the run. */
export type AfterExpiry = { trial: "skip" | "wait"; askAgain: boolean; stopRun: boolean; text: string };

/** `approval.on_expiry` as steps. */
export const afterExpiry: Readonly<Record<RunConfig["approval"]["on_expiry"], AfterExpiry>> = {
  skip: { trial: "skip", askAgain: false, stopRun: false, text: "nobody answered in time; the run goes on without it" },
  ask_again: { trial: "wait", askAgain: true, stopRun: false, text: "nobody answered in time; asked again" },
  stop: { trial: "skip", askAgain: false, stopRun: true, text: "nobody answered in time; the config says to stop the run then" },
};
