import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type ReplayOutcome, replayRecipe } from "#graphs/conductor/replay.ts";
import { resolvePaths } from "#src/config/resolve-paths.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import { ConfigError } from "#src/errors.ts";
import { parseRecipe, type Recipe } from "#src/pipeline/recipe.ts";
import { recipeConfig } from "#src/pipeline/recipe-config.ts";
import { createRun } from "#src/service/create-run.ts";
import { resumeRun } from "#src/service/resume-run.ts";
import type { Run } from "#src/store/store.ts";
import { askApprovals } from "../approval/ask-approvals.ts";
import { localAuthor } from "../author.ts";
import type { CommandHost } from "../command-host.ts";
import { exitCodes, type ExitCode } from "../exit-code.ts";
import { type OpenedHome, withHome } from "../home.ts";
import { renderReplay } from "../render/render-replay.ts";
import { configChanges } from "../start/config-changes.ts";
import { prepareForRun } from "../start/prepare.ts";
import type { Terminal } from "../terminal.ts";
import { withConductor } from "../with-conductor.ts";
import { readReplayExecutor } from "./read-replay-executor.ts";

interface ReplayFileOptions {
  home: string;
  offline: boolean;
  /** What runs the jobs: see `readReplayExecutor`. */
  executor: string;
  json: boolean;
}

async function readRecipe(terminal: Terminal, file: string): Promise<Recipe> {
  try {
    return parseRecipe(await readFile(resolve(terminal.cwd, file), "utf8"), file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      throw new ConfigError([{ file, path: "", message: "there is no such file. `temper recipe m1 --out FILE` writes a recipe" }]);
    }
    throw error;
  }
}

/** The recipe's config with its paths seen from the recipe's own directory, as those of a config are. */
function localConfig(terminal: Terminal, recipe: Recipe, file: string): RunConfig {
  const { config, problems } = resolvePaths(recipeConfig(recipe), dirname(resolve(terminal.cwd, file)));
  if (problems.length > 0) throw new ConfigError(problems.map(({ path, message }) => ({ file, path: path.join("."), message })));
  return config;
}

/** The run that this recipe is being replayed in, or a new one: also after a failure, since what it made is known. */
async function openReplayRun(
  terminal: Terminal,
  opened: OpenedHome,
  source: { recipe: Recipe; file: string },
  options: ReplayFileOptions,
): Promise<Run> {
  const executor = await readReplayExecutor(terminal.cwd, options.executor);
  const config = { ...localConfig(terminal, source.recipe, source.file), executor };
  const known = await opened.store.runs.find(config.name);
  if (known !== null && known.state !== "failed" && configChanges(known.config, config).length === 0) {
    if (known.state !== "running" && known.state !== "finished") await resumeRun(opened.store, known, { author: localAuthor() });
    return known;
  }
  const prepared = await prepareForRun(terminal, opened, config, { offline: options.offline });
  return createRun(opened.store, { config, prepared, now: terminal.now(), author: localAuthor() });
}

function exitCodeOf(outcome: ReplayOutcome): ExitCode {
  if (outcome.status === "ask") return exitCodes.waiting;
  return outcome.status === "ok" ? exitCodes.done : exitCodes.failed;
}

/** Makes the pipeline of a recipe file again and says how it compares with what was recorded. */
export async function replayFile(host: CommandHost, file: string, options: ReplayFileOptions): Promise<ExitCode> {
  const { home, json } = options;
  const { terminal } = host;
  const recipe = await readRecipe(terminal, file);
  return withHome({ terminal, home, create: true }, async (opened) => {
    const run = await openReplayRun(terminal, opened, { recipe, file }, options);
    if (!json) terminal.err(`Replaying ${recipe.name}: ${recipe.steps.length} steps.\n`);
    const stop = new AbortController();
    const release = terminal.onInterrupt(() => stop.abort());
    try {
      const outcome = await withConductor(terminal, opened, run.config, async (conductor) => {
        const { context, threads } = await conductor.open();
        const once = () => replayRecipe({ context, threads, runId: run.id, recipe, signal: stop.signal });
        const first = await once();
        if (first.status !== "ask" || !terminal.isInteractive || json) return first;
        const pending = await opened.store.approvals.list(run.id, "pending");
        const decided = await askApprovals(terminal, opened.store, run, pending);
        return decided.some((approval) => approval.state === "approved") ? once() : first;
      });
      if (json) host.printJson(outcome);
      else host.print(renderReplay(outcome, recipe, file));
      return exitCodeOf(outcome);
    } finally {
      release();
    }
  });
}
