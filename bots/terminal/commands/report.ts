import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

interface ReportOptions extends CommonOptions {
  out?: string;
}

/** `temper report`: what a run found, as one page. */
export function addReport(host: CommandHost): void {
  host
    .add("report [run]", "Write the report: one HTML file, a picture and Markdown", [
      "temper report",
      "temper report three-skills --out report",
    ])
    .option("--out <folder>", "where to write it (default: runs/NAME in the home)")
    .action(
      host.handle(async (name: string | undefined, options: ReportOptions) => {
        const { join, resolve } = await import("node:path");
        const { writeReport } = await import("#src/report/write-report.ts");
        const { pickRun, withHome } = await import("../home.ts");
        return withHome({ terminal: host.terminal, home: options.home }, async (opened) => {
          const run = await pickRun(opened, name);
          const out = options.out === undefined ? join(opened.home, "runs", run.name) : resolve(host.terminal.cwd, options.out);
          const written = await writeReport({ store: opened.store, run, out });
          if (options.json) host.printJson(written);
          else host.print(`Wrote the report of ${run.name}:\n  ${[written.html, written.md, ...written.png].join("\n  ")}`);
          return exitCodes.done;
        });
      }),
    );
}
