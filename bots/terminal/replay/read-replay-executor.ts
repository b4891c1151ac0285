import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { didYouMean } from "#src/config/did-you-mean.ts";
import { loadRunConfig } from "#src/config/load-run-config.ts";
import { executorSchema, type RunConfig } from "#src/config/run-config.ts";
import { UserInputError } from "#src/errors.ts";

const kinds = ["local", "slurm", "ray", "scripted"] as const satisfies readonly RunConfig["executor"]["kind"][];

/**
 * What runs a replay's jobs, since a recipe says nothing of machines: a kind with its usual settings, or the `executor`
 * section of a config.
 * @throws UserInputError when it is neither; ConfigError when the config does not parse.
 */
export async function readReplayExecutor(cwd: string, kindOrFile: string): Promise<RunConfig["executor"]> {
  const kind = kinds.find((known) => known === kindOrFile);
  if (kind !== undefined) return executorSchema.parse({ kind });
  const file = resolve(cwd, kindOrFile);
  if (existsSync(file)) return (await loadRunConfig(relative("", file))).executor;
  throw new UserInputError(
    `--executor is ${kinds.join(", ")}, or a config whose executor section counts; "${kindOrFile}" is none of them and no file.${didYouMean(kindOrFile, [...kinds])}`,
    { executor: kindOrFile },
  );
}
