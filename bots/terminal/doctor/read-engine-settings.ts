import { relative, resolve } from "node:path";
import { type RaySettings, rayExecutorSchema, type SlurmSettings, slurmExecutorSchema } from "#src/config/engine-config.ts";
import { loadRunConfig } from "#src/config/load-run-config.ts";
import { UserInputError } from "#src/errors.ts";

/** The cluster that the doctor shall look at: that of a config, or one with no settings; null when there is none. */
export async function readEngineSettings(
  cwd: string,
  { file, kind }: { file: string | undefined; kind: "slurm" | "ray" | undefined },
): Promise<SlurmSettings | RaySettings | null> {
  if (file === undefined) {
    if (kind === undefined) return null;
    return kind === "slurm" ? slurmExecutorSchema.parse({ kind }) : rayExecutorSchema.parse({ kind });
  }
  const { executor } = await loadRunConfig(relative("", resolve(cwd, file)));
  if (kind !== undefined && executor.kind !== kind) {
    throw new UserInputError(`${file} runs on ${executor.kind}, not on ${kind}. Leave --executor out, or change executor.kind.`);
  }
  return executor.kind === "slurm" || executor.kind === "ray" ? executor : null;
}
