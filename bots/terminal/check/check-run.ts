import type { RunConfig } from "#src/config/run-config.ts";
import type { CommandHost } from "../command-host.ts";
import { exitCodes, type ExitCode } from "../exit-code.ts";
import { withHome } from "../home.ts";
import { problemLines, renderPrepared } from "../render/render-prepared.ts";
import { renderEstimate } from "../render/render-run-estimate.ts";
import { prepareForRun } from "../start/prepare.ts";
import { estimatePrepared } from "./estimate-prepared.ts";

interface CheckRequest {
  file: string;
  config: RunConfig;
  home: string;
  offline: boolean;
  json: boolean;
}

/** Reads what the config names, says what is wrong with it, and what the run will do and cost. */
export async function checkRun(host: CommandHost, { file, config, home, offline, json }: CheckRequest): Promise<ExitCode> {
  const { terminal } = host;
  return withHome({ terminal, home, create: true }, async (opened) => {
    const prepared = await prepareForRun(terminal, opened, config, { offline });
    if (prepared.problems.length > 0) {
      if (json) host.printJson({ ok: false, problems: prepared.problems });
      else terminal.err(`${problemLines(prepared).join("\n")}\n`);
      return exitCodes.wrongUse;
    }
    const found = await estimatePrepared(opened, config, prepared);
    if (json) host.printJson({ ok: true, prepared, estimate: found });
    else host.print(`${file} is fine.\n\n${renderPrepared(prepared)}\n${renderEstimate(found, config)}\nStart it: temper start ${file}`);
    return exitCodes.done;
  });
}
