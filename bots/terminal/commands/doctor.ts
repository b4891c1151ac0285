import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

/** `temper doctor`: what this machine has and lacks. */
export function addDoctor(host: CommandHost): void {
  host.add("doctor", "Check this machine and name remedies", ["temper doctor"]).action(
    host.handle(async (options: CommonOptions) => {
      const { resolve } = await import("node:path");
      const { examine } = await import("#tools/doctor/examine.ts");
      const { projectRoot, venvPython } = await import("../project.ts");
      const { renderFindings } = await import("../render/render-findings.ts");
      const findings = await examine({
        root: projectRoot,
        home: resolve(host.terminal.cwd, options.home),
        python: venvPython,
        databaseUrl: host.terminal.env["TEMPER_DATABASE_URL"],
        now: host.terminal.now(),
      });
      if (options.json) host.printJson(findings);
      else host.print(renderFindings(findings));
      return findings.some((finding) => finding.status === "broken") ? exitCodes.failed : exitCodes.done;
    }),
  );
}
