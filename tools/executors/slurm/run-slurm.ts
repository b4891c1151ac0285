import { execa } from "execa";
import { EnvironmentError } from "#src/errors.ts";
import { EngineUnreachableError } from "../engine/engine-unreachable-error.ts";

/** What Slurm's commands may take over from this process: nothing of it is a secret. */
const kept = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "SLURM_CONF", "SLURM_CLUSTERS"];
/** Slurm's commands try for a while by themselves. */
const timeoutMs = 60_000;
const unreachable =
  /Unable to contact slurm controller|Connection (refused|timed out|reset)|Socket timed out|Zero Bytes|slurm_receive_msg|Protocol authentication error|Munge|controller.*(not responding|standby)|backup controller|slurmctld .*(down|not)/i;

/** What came of a command of Slurm. */
export interface SlurmAnswer {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs sbatch, squeue, scancel, sinfo or scontrol. With `mayRefuse` a refusal is returned; otherwise it counts as no
 * answer. @throws EngineUnreachableError when the controller does not answer; EnvironmentError without Slurm's commands.
 */
export async function runSlurm(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  { mayRefuse = false }: { mayRefuse?: boolean } = {},
): Promise<SlurmAnswer> {
  const env = Object.fromEntries(kept.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])));
  const result = await execa(program, args, { env, extendEnv: false, reject: false, timeout: timeoutMs, stdin: "ignore" });
  if (result.code === "ENOENT") {
    throw new EnvironmentError(
      `This host has no ${program}: Slurm's commands are not on the PATH. Start Temper on a login node of the cluster.`,
    );
  }
  const { stdout, stderr, exitCode } = result;
  if (exitCode === 0) return { exitCode, stdout, stderr };
  const words = stderr.trim() === "" ? (result.timedOut ? "no answer in a minute" : `exit code ${exitCode ?? "none"}`) : stderr.trim();
  if (exitCode === undefined || !mayRefuse || unreachable.test(stderr)) {
    throw new EngineUnreachableError(`Slurm does not answer (${program}: ${words.split("\n").at(-1)})`);
  }
  return { exitCode, stdout, stderr };
}
