import { z } from "zod";
import { isSlurmTime } from "./slurm-time.ts";

const startOfJobs = {
  lanes: z.int().positive().default(1),
  /** GPUs that each job gets; 0 = jobs compute on CPUs. */
  gpus_per_job: z.int().nonnegative().default(1),
  /** Interpreter with Temper's Python packages, as the nodes see it. Default: the one of this checkout. */
  python: z.string().startsWith("/", "must be an absolute path that the nodes see").optional(),
  /** Shell lines that run before each job: `module load cuda/12.4`, `source /shared/venv/bin/activate`. */
  prolog: z.string().optional(),
  /** Command that runs the job's command line in a container: `apptainer exec --nv /shared/temper.sif`. */
  container: z.string().optional(),
};

/** `executor: { kind: slurm }`. Names are those of sbatch's options. */
export const slurmExecutorSchema = z.strictObject({
  kind: z.literal("slurm"),
  ...startOfJobs,
  partition: z.string().optional(),
  account: z.string().optional(),
  qos: z.string().optional(),
  /** Default `gpu:<gpus_per_job>`; written out it may name a type: `gpu:a100:2`. */
  gres: z.string().optional(),
  cpus_per_task: z.int().positive().optional(),
  /** Memory of a job, such as `64G`. */
  mem: z
    .string()
    .regex(/^\d+[KMGT]?$/, "write a number with K, M, G or T, as for sbatch --mem")
    .optional(),
  /** The longest that a job may take, as for `sbatch --time`: what the partition or QOS allows. */
  time: z
    .union([z.string(), z.int().positive()])
    .transform(String)
    .refine(isSlurmTime, "write minutes, hours:minutes:seconds or days-hours:minutes:seconds, as for sbatch --time")
    .optional(),
  /** More arguments for sbatch, one a line: `["--constraint=a100"]`. */
  extra_args: z.array(z.string().startsWith("-", "must be an option of sbatch")).default([]),
});

/** `executor: { kind: ray }`. Names are those of Ray's Jobs API. */
export const rayExecutorSchema = z.strictObject({
  kind: z.literal("ray"),
  ...startOfJobs,
  /** Where Ray's dashboard listens. */
  address: z.url({ protocol: /^https?$/ }).default("http://127.0.0.1:8265"),
  entrypoint_num_cpus: z.number().positive().default(1),
  /** Memory of a job in bytes, as Ray counts it. */
  entrypoint_memory: z.int().positive().optional(),
  /** Custom resources: `{ a100: 1 }`. */
  entrypoint_resources: z.record(z.string(), z.number().positive()).default({}),
  /** Handed to Ray as it is. */
  runtime_env: z.record(z.string(), z.json()).default({}),
  /** Whether nodes come when they are asked for: a job that fits no node now waits then. */
  autoscaling: z.boolean().default(false),
});

export type SlurmSettings = z.infer<typeof slurmExecutorSchema>;
export type RaySettings = z.infer<typeof rayExecutorSchema>;
