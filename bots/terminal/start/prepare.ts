import { CostModel } from "#src/budget/cost-model.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import { TemperError } from "#src/errors.ts";
import { judgeOverlaps } from "#src/pool/overlap-gate.ts";
import type { PreparedObjects } from "#src/pool/prepared-objects.ts";
import { type PrepareOptions, prepareObjects } from "#tools/prepare.ts";
import { readProgress } from "#tools/read-progress.ts";
import type { OpenedHome } from "../home.ts";
import { createTerminalBlock } from "../live/live-block.ts";
import { openExecutor } from "../open-executor.ts";
import { fitLine } from "../render/fit-line.ts";
import { progressBar } from "../render/progress-bar.ts";
import type { Terminal } from "../terminal.ts";
import { mergeNote } from "./merge-note.ts";

const redrawMs = 500;

/** Shows how many objects are registered while somebody is there to look; gives what takes it away. */
function showProgress(terminal: Terminal, directory: string): () => void {
  if (!terminal.isInteractive) return () => undefined;
  const block = createTerminalBlock((text) => terminal.err(text));
  const draw = async () => {
    const progress = await readProgress(directory);
    if (progress === null) return;
    const line = ` reading ${progressBar(progress.done, progress.total)} ${progress.done}/${progress.total}`;
    block.show([fitLine(line, terminal.columns() - 1)]);
  };
  // A look that fails is no reason to stop reading.
  const timer = setInterval(() => void draw().catch(() => undefined), redrawMs);
  return () => {
    clearInterval(timer);
    block.clear();
  };
}

/**
 * Reads and registers the models, data and tasks of a config: fetched from a hub where they are not here, unless
 * `offline`. Ctrl-C ends it.
 */
export async function prepareForRun(
  terminal: Terminal,
  opened: OpenedHome,
  config: RunConfig,
  options: Pick<PrepareOptions, "offline" | "known">,
): Promise<PreparedObjects> {
  const executor = await openExecutor(opened, config);
  const stop = new AbortController();
  const release = terminal.onInterrupt(() => stop.abort());
  const hides: (() => void)[] = [];
  const warnings: string[] = [];
  try {
    const costModel = new CostModel({ device: executor.device.kind });
    const log = { info: () => undefined, warn: (_fields: object, warning: string) => warnings.push(warning) };
    const context = { store: opened.store, executor, home: opened.home, costModel, now: () => terminal.now(), log };
    const onStart = (directory: string) => {
      hides.push(showProgress(terminal, directory));
    };
    const prepared = await prepareObjects(context, config, { ...options, signal: stop.signal, onStart });
    const note = mergeNote(config, prepared);
    if (note !== null) warnings.push(note);
    warnings.push(...judgeOverlaps(config, prepared, options.known).allowed.map(({ text }) => text));
    return prepared;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    throw new TemperError(
      "environment",
      "Stopped while models and data were read. The same command reads them again; what was fetched stays.",
    );
  } finally {
    for (const hide of hides) hide();
    for (const warning of warnings) terminal.err(`Note: ${warning}\n`);
    release();
    await executor.close();
  }
}
