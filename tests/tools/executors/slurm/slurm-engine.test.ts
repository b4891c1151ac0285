import { describe, expect, it } from "vitest";
import { slurmExecutorSchema } from "#src/config/engine-config.ts";
import { parseQueue } from "#tools/executors/slurm/parse-queue.ts";
import { sbatchArguments } from "#tools/executors/slurm/sbatch-arguments.ts";
import { readSlurmState } from "#tools/executors/slurm/slurm-state.ts";

const job = { id: "7", name: "abc-1", reason: "None", nodes: "", directory: "/home/x" };

describe("sbatch", () => {
  const start = { id: "abc-1", directory: "/data/.temper/jobs/abc-1", script: "/data/.temper/jobs/abc-1/job.sh", wallSeconds: 3600 };

  it("carries the attempt in name and comment, and none of the submitter's environment", () => {
    const args = sbatchArguments(slurmExecutorSchema.parse({ kind: "slurm" }), start);
    expect(args).toEqual(
      expect.arrayContaining(["--job-name=abc-1", `--comment=${start.directory}`, "--export=NIL", "--no-requeue", "--gres=gpu:1"]),
    );
    expect(args.at(-1)).toBe(start.script);
  });

  it("asks for what the config says, by sbatch's own names", () => {
    const settings = slurmExecutorSchema.parse({
      kind: "slurm",
      partition: "gpu",
      account: "lab",
      qos: "high",
      gres: "gpu:a100:2",
      gpus_per_job: 2,
      cpus_per_task: 8,
      mem: "64G",
      extra_args: ["--constraint=nvlink"],
    });
    const args = sbatchArguments(settings, start);
    for (const each of ["partition=gpu", "account=lab", "qos=high", "gres=gpu:a100:2", "cpus-per-task=8", "mem=64G", "constraint=nvlink"])
      expect(args).toContain(`--${each}`);
  });

  it.each([
    [undefined, 65],
    ["30", 30],
    ["2:00:00", 65],
    ["1-0", 65],
  ])("gives a job more time than its runner takes, but not more than %s", (time, minutes) => {
    const settings = slurmExecutorSchema.parse({ kind: "slurm", ...(time === undefined ? {} : { time }) });
    expect(sbatchArguments(settings, start)).toContain(`--time=${minutes}`);
  });
});

describe("squeue", () => {
  it("is read whatever a directory is called", () => {
    expect(parseQueue("7|abc-1|RUNNING|None|n1|/data/a|b\nslurm_load_jobs: note\n")).toEqual([
      { ...job, state: "RUNNING", nodes: "n1", directory: "/data/a|b" },
    ]);
  });

  it.each([
    ["PENDING", "queued"],
    ["COMPLETING", "running"],
    ["COMPLETED", "ended"],
    ["FAILED", "ended"],
    ["TIMEOUT", "timeout"],
    ["OUT_OF_MEMORY", "out_of_memory"],
    ["NODE_FAIL", "lost"],
    ["PREEMPTED", "lost"],
    ["CANCELLED", "cancelled"],
    ["A_STATE_OF_TOMORROW", "running"],
  ])("says %s: %s", (state, expected) => {
    expect(readSlurmState({ ...job, state }).state).toBe(expected);
  });

  it.each([
    "PartitionConfig",
    "BadConstraints",
    "PartitionTimeLimit",
    "QOSMaxCpuPerJobLimit",
    "AssocMaxWallDurationPerJobLimit",
    "InvalidQOS",
  ])("tells that %s never passes, and what to do", (reason) => {
    const { state, detail } = readSlurmState({ ...job, state: "PENDING", reason });
    expect(state).toBe("stuck");
    expect(detail).toContain(reason);
  });

  it.each(["Priority", "Resources", "QOSMaxJobsPerUserLimit", "AssocGrpCpuLimit", "ReqNodeNotAvail", "JobHeldUser"])(
    "waits for %s",
    (reason) => {
      expect(readSlurmState({ ...job, state: "PENDING", reason }).state).toBe("queued");
    },
  );
});
