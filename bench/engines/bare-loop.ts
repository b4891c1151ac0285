import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { z } from "zod";
import type { TestHome } from "#tests/tools/test-home.ts";
import { engineEnvironment } from "#tools/executors/engine/engine-environment.ts";
import { writeJobScript } from "#tools/executors/engine/job-script.ts";
import type { Attempt, JobDevice } from "#tools/executors/executor.ts";
import { requestRay } from "#tools/executors/ray/request-ray.ts";

const pollMs = 50;
const statusSchema = z.object({ status: z.string() });

/** Writes for an attempt what an executor would write: the bare loops run the very same jobs. */
export async function bareScript(attempt: Attempt, place: TestHome, root: string, device: JobDevice): Promise<string> {
  const python = join(root, ".venv", "bin", "python");
  const fixtureScripts = join(root, "tests", "fixtures", "scripts");
  const environment = engineEnvironment({ home: place.home, python, device, fixtureScripts, own: process.env });
  return await writeJobScript({ attempt, environment, python, module: "temper_gpu.runner", prolog: undefined, container: undefined });
}

/** Submits a script with sbatch and asks squeue until the job is over, as a person's own loop would. */
export async function bareSlurm(script: string, environment: Readonly<Record<string, string>>, args: readonly string[]): Promise<void> {
  const run = async (program: string, ...rest: string[]) => (await execa(program, rest, { env: environment })).stdout;
  const id = (await run("sbatch", "--parsable", "--export=NIL", "--output=/dev/null", ...args, script)).trim();
  for (;;) {
    const state = (await run("squeue", "--noheader", "--states=all", `--jobs=${id}`, "--format=%T")).trim();
    if (!["PENDING", "CONFIGURING", "RUNNING", "COMPLETING"].includes(state)) {
      if (state !== "COMPLETED") throw new Error(`the bare loop's job ended: ${state}`);
      return;
    }
    await sleep(pollMs);
  }
}

/** Submits a script to Ray's Jobs API and asks until the job is over. */
export async function bareRay(script: string, address: string, id: string): Promise<void> {
  const body = { entrypoint: `/bin/bash ${script}`, submission_id: id, entrypoint_num_cpus: 1 };
  await requestRay(address, { method: "POST", path: "/api/jobs/", body });
  for (;;) {
    const answer = await requestRay(address, { method: "GET", path: `/api/jobs/${id}` });
    const { status } = statusSchema.parse(JSON.parse(answer.body));
    if (status !== "PENDING" && status !== "RUNNING") {
      if (status !== "SUCCEEDED") throw new Error(`the bare loop's job ended: ${answer.body}`);
      return;
    }
    await sleep(pollMs);
  }
}
