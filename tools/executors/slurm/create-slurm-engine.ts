import type { SlurmSettings } from "#src/config/engine-config.ts";
import { EngineUnreachableError } from "../engine/engine-unreachable-error.ts";
import type { Engine, EngineJob, JobStart, Place, Submission } from "../engine/engine.ts";
import { parseQueue, queueFormat, type QueuedJob } from "./parse-queue.ts";
import { runSlurm } from "./run-slurm.ts";
import { sbatchArguments } from "./sbatch-arguments.ts";
import { readSlurmState } from "./slurm-state.ts";

/** More names make a long command line; then all of this user's jobs are listed. */
const mostNames = 200;
/** Refusals that pass when other jobs are over: limits of an association or QOS on submitted jobs. */
const passing = /MaxSubmit|job submit limit|Resource temporarily unavailable|queue.*full/i;

/**
 * Slurm, by its commands. A job carries its attempt's id as name and its directory as comment: the same id in another
 * home is another job, and job ids, which Slurm may give again after a crash, are used for nothing but scancel.
 * @param environment The environment of this process, of which Slurm's commands get a short list.
 */
export function createSlurmEngine(settings: SlurmSettings, environment: NodeJS.ProcessEnv): Engine {
  async function queued(places: readonly Place[]): Promise<QueuedJob[]> {
    if (places.length === 0) return [];
    const names = places.map(({ id }) => id);
    const which = names.length <= mostNames ? `--name=${names.join(",")}` : `--user=${process.getuid?.() ?? ""}`;
    const { stdout } = await runSlurm("squeue", ["--noheader", "--states=all", which, `--format=${queueFormat}`], environment);
    const directories = new Set(places.map(({ directory }) => directory));
    return parseQueue(stdout).filter((job) => directories.has(job.directory));
  }

  async function submit(start: JobStart): Promise<Submission> {
    const { exitCode, stdout, stderr } = await runSlurm("sbatch", sbatchArguments(settings, start), environment, { mayRefuse: true });
    if (exitCode === 0) return { kind: "accepted", job: stdout.trim().split(";")[0] ?? "" };
    const why = stderr.replaceAll(/^sbatch: (error: )?/gm, "").trim();
    if (passing.test(why)) throw new EngineUnreachableError(`Slurm takes no more jobs now: ${why}`);
    return { kind: "rejected", why: `sbatch refused it: ${why}. Its arguments come from the run's executor section; try temper doctor.` };
  }

  return {
    kind: "slurm",
    title: "Slurm",
    takesAgain: true,
    submit,
    list: async (places) => {
      const jobs = new Map<string, EngineJob>();
      // Of two jobs of one attempt the one that goes on counts: the other found the attempt claimed.
      for (const job of await queued(places)) {
        const seen = { job: readSlurmState(job), isOver: isOver(job) };
        if (!seen.isOver || !jobs.has(job.name)) jobs.set(job.name, seen.job);
      }
      return jobs;
    },
    liveBelow: async (directory) => {
      const mine = `--user=${process.getuid?.() ?? ""}`;
      const args = ["--noheader", "--states=pending,running,suspended", mine, `--format=${queueFormat}`];
      const { stdout } = await runSlurm("squeue", args, environment);
      const jobs = parseQueue(stdout).filter((job) => job.directory.startsWith(`${directory}/`));
      return jobs.map((job) => ({ id: job.name, directory: job.directory }));
    },
    end: async (place) => {
      const live = (await queued([place])).filter((job) => !isOver(job));
      if (live.length > 0) await runSlurm("scancel", ["--quiet", ...live.map(({ id }) => id)], environment, { mayRefuse: true });
    },
    close: () => {},
  };
}

function isOver(job: QueuedJob): boolean {
  const { state } = readSlurmState(job);
  return state !== "queued" && state !== "running" && state !== "stuck";
}
