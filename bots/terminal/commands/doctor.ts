import { Option } from "commander";
import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

interface DoctorOptions extends CommonOptions {
  executor?: "slurm" | "ray";
  wait: string;
}

/** `temper doctor`: what this machine, and a cluster, have and lack. */
export function addDoctor(host: CommandHost): void {
  host
    .add("doctor [file]", "Check this machine, and the cluster of a config, and name remedies", [
      "temper doctor",
      "temper doctor temper.yaml",
      "temper doctor --executor slurm",
    ])
    .addOption(new Option("--executor <kind>", "a cluster's scheduler, with the settings of FILE or without any").choices(["slurm", "ray"]))
    .option("--wait <seconds>", "how long the probe may wait in the cluster's queue", "120")
    .action(
      host.handle(async (file: string | undefined, options: DoctorOptions) => {
        const { resolve } = await import("node:path");
        const { examine } = await import("#tools/doctor/examine.ts");
        const { projectRoot, venvPython } = await import("../project.ts");
        const { renderFindings } = await import("../render/render-findings.ts");
        const { readEngineSettings } = await import("../doctor/read-engine-settings.ts");
        const settings = await readEngineSettings(host.terminal.cwd, { file, kind: options.executor });
        const home = resolve(host.terminal.cwd, options.home);
        const findings = await examine({
          root: projectRoot,
          home,
          python: venvPython,
          databaseUrl: host.terminal.env["TEMPER_DATABASE_URL"],
          now: host.terminal.now(),
        });
        if (settings !== null) {
          const { checkEngine } = await import("#tools/doctor/check-engine.ts");
          const environment = host.terminal.env;
          findings.push(...(await checkEngine({ home, python: venvPython, settings, environment, waitSeconds: Number(options.wait) })));
        }
        if (options.json) host.printJson(findings);
        else host.print(renderFindings(findings));
        return findings.some((finding) => finding.status === "broken") ? exitCodes.failed : exitCodes.done;
      }),
    );
}
