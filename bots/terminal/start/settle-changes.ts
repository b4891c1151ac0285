import type { RunConfig } from "#src/config/run-config.ts";
import { UserInputError } from "#src/errors.ts";
import type { Run, Store } from "#src/store/store.ts";
import type { Terminal } from "../terminal.ts";
import { whyFixed } from "./why-fixed.ts";
import { configChanges, formatChange, mayChange } from "./config-changes.ts";

/** What to do with a run of this name that is there already. */
export type Continuation = "same" | "changed" | "new";

interface Request {
  terminal: Terminal;
  store: Store;
  run: Run;
  config: RunConfig;
  /** Do not ask. */
  yes: boolean;
  file: string;
}

/**
 * Compares the config with the run's. Changes that a run can go on with are taken over, and what is new joins it;
 * others make a new run of the same name, and it is said why. Either way the person sees the difference and agrees first.
 */
export async function settleChanges({ terminal, store, run, config, yes, file }: Request): Promise<Continuation> {
  const changes = configChanges(run.config, config);
  if (changes.length === 0) return "same";
  const isNew = !changes.every(mayChange);
  const what = isNew ? `start a new run called ${run.name} beside the old one` : `go on with ${run.name} under the new settings`;
  terminal.err(
    `${file} differs from the run ${run.name} that is there (${run.state}):\n${changes.map((change) => `  ${formatChange(change)}\n`).join("")}`,
  );
  for (const change of changes.filter((each) => !mayChange(each))) {
    const why = await whyFixed(store, run, change);
    if (why !== null) terminal.err(`  ${change.path} stays in ${run.name}: ${why}\n`);
  }
  const answer = yes ? "y" : await terminal.ask(`${what[0]?.toUpperCase()}${what.slice(1)}? [y/N] `);
  if (answer === null) {
    throw new UserInputError(`Say --yes to ${what}, or give the run another name.`, { run: run.name }, "conflict");
  }
  if (!/^y(es)?$/i.test(answer)) throw new UserInputError("Nothing was changed.", { run: run.name }, "conflict");
  return isNew ? "new" : "changed";
}
