import type { SlurmSettings } from "#src/config/engine-config.ts";
import { slurmSeconds } from "#src/config/slurm-time.ts";
import type { JobStart } from "../engine/engine.ts";

/** What a job may take beyond its own limit, which its runner keeps: Slurm's own is only for a node that hangs. */
const spareSeconds = 300;

/** The command line of sbatch for a job. `--export=NIL`: of the submitter's environment nothing reaches the job. */
export function sbatchArguments(settings: SlurmSettings, { id, directory, script, wallSeconds }: JobStart): string[] {
  const { partition, account, qos, gpus_per_job: gpus, cpus_per_task: cpus, mem, time } = settings;
  const gres = settings.gres ?? (gpus > 0 ? `gpu:${gpus}` : undefined);
  const longest = time === undefined ? Number.POSITIVE_INFINITY : slurmSeconds(time);
  const minutes = Math.max(1, Math.ceil(Math.min(wallSeconds + spareSeconds, longest) / 60));
  const optional = { partition, account, qos, gres, "cpus-per-task": cpus, mem };
  return [
    "--parsable",
    `--job-name=${id}`,
    `--comment=${directory}`,
    `--chdir=${directory}`,
    `--output=${escaped(directory)}/log.txt`,
    "--open-mode=append",
    "--export=NIL",
    "--no-requeue",
    "--nodes=1",
    "--ntasks=1",
    `--time=${minutes}`,
    ...Object.entries(optional).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
    ...settings.extra_args,
    script,
  ];
}

/** sbatch replaces `%j` and others in file names. */
function escaped(path: string): string {
  return path.replaceAll("%", "%%");
}
