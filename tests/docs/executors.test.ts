import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseRunConfig } from "#src/config/load-run-config.ts";
import { sbatchArguments } from "#tools/executors/slurm/sbatch-arguments.ts";

const examples = [...readFileSync("docs/executors.md", "utf8").matchAll(/```yaml\n([^]*?)```/g)].map((match) => match[1] ?? "");
const rest =
  "name: run\nmodels: { m: { path: x } }\ndatasets: {}\ntasks: { t: { kind: lm_eval, task: arc_easy } }\nactions: { merge_ties: {} }\n";

it("shows executor sections that work, one for each cluster", () => {
  const executors = examples.map((example) => parseRunConfig(rest + example, "docs/executors.md").executor);
  expect(executors.map(({ kind }) => kind)).toEqual(["slurm", "ray"]);
});

it("shows for Slurm what sbatch gets", () => {
  const { executor } = parseRunConfig(rest + examples[0], "docs/executors.md");
  if (executor.kind !== "slurm") throw new Error("the first example is of Slurm");
  const args = sbatchArguments(executor, { id: "a-1", directory: "/d", script: "/d/job.sh", wallSeconds: 36_000 });
  expect(args).toEqual(expect.arrayContaining(["--gres=gpu:a100:1", "--time=480", "--constraint=nvlink", "--mem=64G"]));
});
