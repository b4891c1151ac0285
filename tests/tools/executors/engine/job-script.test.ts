import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type JobScriptInput, writeJobScript } from "#tools/executors/engine/job-script.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "temper 'script' "));
  await writeFile(join(folder, "python"), '#!/bin/sh\necho "$@"\nenv\n');
  await chmod(join(folder, "python"), 0o755);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function run(input: Partial<JobScriptInput>): Promise<string> {
  const script = await writeJobScript({
    attempt: { directory: folder },
    environment: { PATH: "/usr/bin:/bin", HF_HUB_OFFLINE: "1" },
    python: join(folder, "python"),
    module: "temper_gpu.runner",
    prolog: undefined,
    container: undefined,
    ...input,
  });
  await execa("/bin/bash", [script], { env: { OPENAI_API_KEY: "sk-planted", CUDA_VISIBLE_DEVICES: "3" }, reject: false });
  return await readFile(join(folder, "log.txt"), "utf8");
}

it("starts the runner on the directory with the explicit environment and the engine's devices", async () => {
  const log = await run({});
  expect(log).toContain(`-m temper_gpu.runner ${folder}\n`);
  expect(log).toContain("HF_HUB_OFFLINE=1");
  expect(log).toContain("CUDA_VISIBLE_DEVICES=3");
  expect(log).not.toContain("planted");
});

it("lets a prolog change where programs are found, and shows in the log what it says", async () => {
  const log = await run({ prolog: "echo loading cuda\nexport LD_LIBRARY_PATH=/opt/cuda/lib SECRET_OF_A_MODULE=1\n" });
  expect(log).toMatch(/^loading cuda\n/);
  expect(log).toContain("LD_LIBRARY_PATH=/opt/cuda/lib");
  expect(log).not.toContain("SECRET_OF_A_MODULE");
});

it("runs the command line in a container", async () => {
  expect(await run({ container: "echo in the box:" })).toContain(`in the box: ${folder}/python -m temper_gpu.runner ${folder}`);
});
