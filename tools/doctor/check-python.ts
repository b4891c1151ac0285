import { execa } from "execa";
import { z } from "zod";
import { broken, type Finding, note, ok } from "./finding.ts";

const probe = `
import json, sys
found = {"python": "%d.%d.%d" % sys.version_info[:3]}
import torch
found["torch"] = torch.__version__
found["gpus"] = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
import temper_gpu
print(json.dumps(found))
`;
const probeSchema = z.object({ python: z.string(), torch: z.string(), gpus: z.array(z.string()) });

async function countDriverGpus(): Promise<number> {
  const { stdout, failed } = await execa("nvidia-smi", ["--list-gpus"], { reject: false, timeout: 10_000 });
  return failed ? 0 : stdout.split("\n").filter((line) => line.startsWith("GPU ")).length;
}

function describeGpus(found: z.infer<typeof probeSchema>, driverGpus: number): Finding {
  const [first] = found.gpus;
  if (first !== undefined) return ok("GPU", `${found.gpus.length} × ${first}`);
  if (driverGpus === 0) return note("GPU", "none; trainings run on the CPU");
  return note(
    "GPU",
    `the driver shows ${driverGpus}, but torch ${found.torch} cannot use them`,
    "Install a CUDA build of this torch version into .venv: .venv/bin/python -m pip install torch --index-url https://download.pytorch.org/whl/cu128",
  );
}

/** Starts the environment's Python, imports torch and Temper's scripts, and counts GPUs. */
export async function checkPython(python: string, scripts: string): Promise<Finding[]> {
  const { stdout, stderr, failed } = await execa(python, ["-c", probe], {
    reject: false,
    timeout: 120_000,
    env: { PYTHONPATH: scripts, OMP_NUM_THREADS: "1" },
  });
  if (failed) {
    const why = stderr.trim().split("\n").at(-1) ?? "it does not start";
    return [broken("Python", `${python}: ${why}`, "Make the environment anew: rm -rf .venv, then node scripts/setup.js")];
  }
  const found = probeSchema.parse(JSON.parse(stdout));
  return [ok("Python", `${found.python} with torch ${found.torch}`), describeGpus(found, await countDriverGpus())];
}
