import type { RunConfig } from "#src/config/run-config.ts";
import type { CommandHost } from "../command-host.ts";
import { exitCodes, type ExitCode } from "../exit-code.ts";
import { withHome } from "../home.ts";
import { renderEstimate } from "../render/render-run-estimate.ts";
import { estimatePrepared } from "./estimate-prepared.ts";
import { readStatedSizes } from "./stated-sizes.ts";

interface EstimateRequest {
  file: string;
  config: RunConfig;
  /** File of stated sizes. */
  sizes: string;
  home: string;
  json: boolean;
}

/** What a run would take, by stated sizes: reads no model and no data, and needs neither a network nor the engine. */
export async function estimateOnly(host: CommandHost, { file, config, sizes, home, json }: EstimateRequest): Promise<ExitCode> {
  const prepared = await readStatedSizes(sizes, config);
  return withHome({ terminal: host.terminal, home, create: true }, async (opened) => {
    const estimate = await estimatePrepared(opened, config, prepared);
    if (json) host.printJson({ ok: true, stated: sizes, estimate });
    else
      host.print(
        `${file} is fine as a file. By the sizes that ${sizes} states; no model and no data were read:\n\n${renderEstimate(estimate, config)}`,
      );
    return exitCodes.done;
  });
}
