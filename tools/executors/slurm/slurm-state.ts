import type { EngineJob, EngineState } from "../engine/engine.ts";
import type { QueuedJob } from "./parse-queue.ts";

/** https://slurm.schedmd.com/squeue.html#SECTION_JOB-STATE-CODES */
const states: Readonly<Record<string, EngineState>> = {
  PENDING: "queued",
  REQUEUED: "queued",
  REQUEUE_HOLD: "queued",
  REQUEUE_FED: "queued",
  SPECIAL_EXIT: "queued",
  RESV_DEL_HOLD: "queued",
  CONFIGURING: "queued",
  RUNNING: "running",
  COMPLETING: "running",
  SUSPENDED: "running",
  STOPPED: "running",
  SIGNALING: "running",
  RESIZING: "running",
  STAGE_OUT: "running",
  COMPLETED: "ended",
  FAILED: "ended",
  CANCELLED: "cancelled",
  TIMEOUT: "timeout",
  DEADLINE: "timeout",
  OUT_OF_MEMORY: "out_of_memory",
  NODE_FAIL: "lost",
  BOOT_FAIL: "lost",
  PREEMPTED: "lost",
  REVOKED: "lost",
};

/**
 * Reasons of PENDING that no waiting takes away: what is asked for is more than a node, a partition, an account or a
 * QOS gives to any one job. https://slurm.schedmd.com/job_reason_codes.html
 */
const neverPasses: readonly [RegExp, string][] = [
  [/^PartitionTimeLimit$|MaxWallDurationPerJob/, "it asks for more time than is allowed. Set executor.time, or another partition or qos"],
  [
    /^PartitionConfig$|^BadConstraints$|^PartitionNodeLimit$/,
    "no node of the partition has what it asks for. Lower cpus_per_task, mem or gres",
  ],
  [/^(Assoc|QOS)Max\w*(PerJob|PerNode)(Limit)?$|^QOSMin/, "it asks for more than the account or QOS gives to one job"],
  [/^(InvalidAccount|InvalidQOS|AccountNotAllowed|QOSNotAllowed|AccountingPolicy)$/, "its account or QOS may not be used there"],
  [/^DependencyNeverSatisfied$/, "what it depends on can no longer happen. Look at extra_args"],
  [/^JobHoldMaxRequeue$|launch.failed.*held/i, "Slurm tried to start it too often and holds it"],
];

/** What squeue says of a job. A state that is not known here is taken for running: the directory will tell its end. */
export function readSlurmState({ id, state, reason, nodes }: QueuedJob): EngineJob {
  const where = nodes === "" ? "" : ` on ${nodes}`;
  const why = reason === "" || reason === "None" ? "" : ` (${reason})`;
  const detail = `Slurm job ${id} is ${state}${where}${why}`;
  const known = state === "FAILED" && reason === "JobLaunchFailure" ? "lost" : (states[state] ?? "running");
  const never = known === "queued" ? neverPasses.find(([pattern]) => pattern.test(reason)) : undefined;
  return never === undefined ? { state: known, detail } : { state: "stuck", detail: `${detail}: ${never[1]}.` };
}
