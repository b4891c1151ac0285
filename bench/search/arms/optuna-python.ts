import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";

let making: Promise<string> | null = null;

/**
 * The Python that has Optuna, in an environment of its own below `.cache` (made at first use: 20 s, 140 MB), because
 * nothing but the benchmarks uses it. `TEMPER_OPTUNA_PYTHON` names another. Arms that ask at once wait for one environment.
 * @param root The project's root.
 */
export async function optunaPython(root: string): Promise<string> {
  making ??= findOrMake(root);
  return await making;
}

async function findOrMake(root: string): Promise<string> {
  const own = process.env["TEMPER_OPTUNA_PYTHON"];
  if (own !== undefined) return own;
  const directory = join(root, ".cache/bench/optuna");
  const python = join(directory, "bin/python");
  if (existsSync(join(directory, "ready"))) return python;
  await rm(directory, { recursive: true, force: true });
  await mkdir(dirname(directory), { recursive: true });
  await execa(join(root, ".venv/bin/python"), ["-m", "venv", directory]);
  await execa(python, ["-m", "pip", "install", "--quiet", "-r", join(root, "bench/search/arms/optuna-requirements.txt")]);
  await mkdir(join(directory, "making"), { recursive: true });
  await rename(join(directory, "making"), join(directory, "ready"));
  return python;
}
