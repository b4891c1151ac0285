import { relative, resolve } from "node:path";
import { loadRunConfig } from "#src/config/load-run-config.ts";
import type { CommandHost } from "../command-host.ts";
import type { ExitCode } from "../exit-code.ts";
import { withHome } from "../home.ts";
import { driveRun } from "../live/drive-run.ts";
import { openRun } from "./open-run.ts";
import { tellEnd } from "./tell-end.ts";

interface StartOptions {
  home: string;
  yes: boolean;
  offline: boolean;
  json: boolean;
}

/** Starts or continues the run of a config file, shows it, and tells what came of it. */
export async function startFile(host: CommandHost, file: string, options: StartOptions): Promise<ExitCode> {
  const { terminal } = host;
  const config = await loadRunConfig(relative("", resolve(terminal.cwd, file)));
  return withHome({ terminal, home: options.home, create: true }, async (opened) => {
    const { run, isNew, isOver } = await openRun({ terminal, opened, config, file, yes: options.yes, offline: options.offline });
    const comeBack = `temper start ${file}`;
    const end = isOver ? "ended" : await driveRun({ terminal, opened, run, isNew, comeBack, json: options.json });
    return tellEnd({ host, opened, runId: run.id, end, json: options.json, comeBack });
  });
}
