import type { SlurmSettings } from "#src/config/engine-config.ts";
import { runSlurm } from "../executors/slurm/run-slurm.ts";
import { broken, type Finding, ok } from "./finding.ts";

/** Whether Slurm's commands are here, its controller answers, and the partition is there. @throws EnvironmentError. */
export async function checkSlurm(settings: SlurmSettings, environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  const { stdout: version } = await runSlurm("sbatch", ["--version"], environment);
  const { stdout } = await runSlurm("sinfo", ["--noheader", "--format=%R|%a|%D|%G"], environment);
  const partitions = stdout.split("\n").flatMap((line) => {
    const [name, state, nodes, gres] = line.trim().split("|");
    return name === undefined || name === "" ? [] : [{ name, state, nodes, gres }];
  });
  const names = [...new Set(partitions.map(({ name }) => name))];
  const findings = [ok("Slurm", `${version.trim()}; partitions ${names.join(", ")}`)];
  if (settings.partition === undefined) return findings;
  const there = partitions.filter(({ name }) => settings.partition?.split(",").includes(name) ?? false);
  if (there.length === 0) {
    return [...findings, broken("partition", `there is no ${settings.partition}`, `Set executor.partition to one of ${names.join(", ")}.`)];
  }
  const parts = there.map(({ name, state, nodes, gres }) => `${name} is ${state}: ${nodes} nodes with ${gres}`);
  return [...findings, ok("partition", parts.join("; "))];
}
