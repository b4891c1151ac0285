import type { ConfigProblem } from "./check-config.ts";
import type { RunConfig } from "./run-config.ts";

/** GPUs in a `gres` such as `gpu`, `gpu:2`, `gpu:a100:2` or `gpu:a100:2,license:1`. */
function gpusOf(gres: string): number {
  return gres
    .split(",")
    .filter((part) => /^(gres:)?gpu(:|$)/.test(part))
    .reduce((sum, part) => sum + Number(/:(\d+)(\(.*\))?$/.exec(part)?.[1] ?? 1), 0);
}

/** Cross-checks of the executor section: what a job asks the cluster for must be what its scripts count on. */
export function checkExecutor({ executor }: RunConfig): ConfigProblem[] {
  if (executor.kind !== "slurm" || executor.gres === undefined) return [];
  const gpus = gpusOf(executor.gres);
  if (gpus === executor.gpus_per_job) return [];
  const message = `"${executor.gres}" asks for ${gpus} GPUs and gpus_per_job says ${executor.gpus_per_job}: make them the same`;
  return [{ path: ["executor", "gres"], message }];
}
