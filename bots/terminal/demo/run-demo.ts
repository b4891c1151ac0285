import { join, relative } from "node:path";
import { loadRunConfig } from "#src/config/load-run-config.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import { writeReport } from "#src/report/write-report.ts";
import type { PreparedObjects } from "#src/pool/prepared-objects.ts";
import type { Run } from "#src/store/store.ts";
import type { CommandHost } from "../command-host.ts";
import { exitCodes, type ExitCode } from "../exit-code.ts";
import { finalizeAtTerminal } from "../finalize-run.ts";
import { type OpenedHome, withHome } from "../home.ts";
import { driveRun } from "../live/drive-run.ts";
import { projectRoot } from "../project.ts";
import { formatDuration } from "../render/format-duration.ts";
import { renderSummary } from "../render/render-summary.ts";
import { homeFlag } from "../home-flag.ts";
import { openRun } from "../start/open-run.ts";
import { tellEnd } from "../start/tell-end.ts";
import { loadSummary } from "../summary/load-summary.ts";

interface DemoOptions {
  home: string;
  json: boolean;
  trials?: number;
  seed?: number;
}

/** Also what the starter shows before it installs anything. */
const title = "Temper demo: find a pipeline for three skills on a tiny model, on this machine, no API key.";

/** What fits into the demo's few minutes; `temper finalize` alone confirms three candidates over three seeds. */
const demoConfirmation = { candidates: 1, seeds: 1 };

/** The example's config under a name of its own for each variant, so that a second start finds the first. */
async function demoConfig({ trials, seed }: DemoOptions): Promise<RunConfig> {
  const config = await loadRunConfig(join(projectRoot, "examples", "three-skills.yaml"));
  const budget = trials === undefined ? config.budget : { ...config.budget, trials };
  const variant = [...(trials === undefined ? [] : [`-${trials}-trials`]), ...(seed === undefined ? [] : [`-seed-${seed}`])].join("");
  return { ...config, name: `demo${variant}`, budget, seed: seed ?? config.seed };
}

function intro({ budget, policy, executor }: RunConfig): string {
  const lanes = executor.lanes === 1 ? "one at a time" : `${executor.lanes} at a time`;
  const chosen = `${budget.trials} ${budget.trials === 1 ? "trial" : "trials"} chosen by the ${policy} policy`;
  return `\nBaselines first (base, single SFTs, SFT on all, TIES grid, noise), then ${chosen}, ${lanes}. About 4 minutes on 2 cores.`;
}

/** The third step of a first start, where the starter has shown the two before it. */
function tellPrepared(wasSetUp: boolean) {
  return ({ datasets }: PreparedObjects, seconds: number): string => {
    const made = `base model and ${datasets.length} datasets made (${formatDuration(seconds)})\n`;
    return wasSetUp ? ` 3/3 Tiny world        ${made}` : `Tiny world: ${made}`;
  };
}

/** Opens `final`, writes the report and tells what was found. */
async function tellDemo(host: CommandHost, opened: OpenedHome, run: Run, json: boolean): Promise<ExitCode> {
  const { terminal } = host;
  const outcome = await finalizeAtTerminal({ terminal, opened, run, reason: undefined, confirm: demoConfirmation, mayAsk: !json });
  if (outcome.status !== "ok") {
    terminal.err(`${outcome.why}\n`);
    return outcome.status === "waiting" ? exitCodes.waiting : exitCodes.failed;
  }
  const finished = (await opened.store.runs.find(run.id)) ?? run;
  const report = await writeReport({ store: opened.store, run: finished, out: join(opened.home, "runs", run.name) });
  const summary = await loadSummary(opened.store, finished, outcome.report);
  if (json) {
    host.printJson({ ...summary, report: report.html });
    return exitCodes.done;
  }
  const model = outcome.report.winner;
  const place = homeFlag(terminal, opened);
  host.print(
    [
      "",
      renderSummary(summary),
      `Report   ${relative(terminal.cwd, report.html)}        Recipe   temper recipe ${model}${place}        Ask   temper why ${model}${place}`,
      "Next     your own model and data: temper init        every command: temper --help",
    ].join("\n"),
  );
  return exitCodes.done;
}

/** The whole job on the built-in tiny world; a second start answers from what is known. */
export async function runDemo(host: CommandHost, options: DemoOptions): Promise<ExitCode> {
  const { terminal } = host;
  const config = await demoConfig(options);
  const wasSetUp = terminal.env["TEMPER_TITLE_SHOWN"] !== undefined;
  if (!wasSetUp) terminal.err(`${title}\n`);
  return withHome({ terminal, home: options.home, create: true }, async (opened) => {
    const file = "examples/three-skills.yaml";
    const started = await openRun({ terminal, opened, config, file, yes: true, offline: true, tellPrepared: tellPrepared(wasSetUp) });
    const comeBack = "temper demo";
    if (!started.isOver) {
      terminal.err(`${intro(config)}\n`);
      const { run, isNew } = started;
      const end = await driveRun({ terminal, opened, run, isNew, comeBack, json: options.json });
      const state = (await opened.store.runs.find(run.id))?.state;
      if (state !== "finished") return tellEnd({ host, opened, runId: run.id, end, json: options.json, comeBack });
    }
    return tellDemo(host, opened, started.run, options.json);
  });
}
