import { join } from "node:path";
import { z } from "zod";
import { atMost } from "#graphs/conductor/at-most.ts";
import { contractVersion } from "#tools/contract/common.ts";
import { contractSchemas } from "#tools/contract/schemas.ts";
import { type LineProcess, startLineProcess } from "./line-process.ts";

type Script = "prepare" | "sft" | "preference" | "merge" | "evaluate";

/** One script to run: the parts of its request that say what is made of what. */
export interface LabRequest {
  script: Script;
  key: string;
  seed: number;
  inputs: Record<string, unknown>;
  settings: Record<string, unknown>;
  /** Directory that the script writes into. */
  output: string;
}

/** A script's outcome: its metrics, or why there are none. */
export type LabAnswer = { status: "ok"; metrics: unknown } | { status: "failed"; reason: string; detail: string };

const answerSchema = z.discriminatedUnion("status", [
  z.looseObject({ status: z.literal("ok"), metrics: z.unknown() }),
  z.looseObject({ status: z.literal("failed"), reason: z.string(), detail: z.string() }),
]);

/** Runs Temper's own scripts on CPU, one core each, a few at the same time, without a conductor's jobs around them. */
export class Lab {
  readonly #idle: LineProcess[];
  readonly #all: LineProcess[];
  readonly #turn: ReturnType<typeof atMost>;

  /** @param root The project's root. @param lanes Scripts at the same time. */
  constructor(root: string, lanes: number) {
    const environment = { PYTHONPATH: join(root, "gpu-scripts"), OMP_NUM_THREADS: "1", HF_HUB_OFFLINE: "1", TRANSFORMERS_OFFLINE: "1" };
    this.#all = Array.from({ length: lanes }, () =>
      startLineProcess({ command: join(root, ".venv/bin/python"), parameters: [join(root, "bench/search/lab.py")], environment }),
    );
    this.#idle = [...this.#all];
    this.#turn = atMost(lanes);
  }

  /** @throws EnvironmentError when the process ended. */
  run({ script, key, seed, inputs, settings, output }: LabRequest): Promise<LabAnswer> {
    const request = contractSchemas[`${script}.request`].parse({
      schema_version: contractVersion,
      attempt: "lab-1",
      key,
      seed,
      device: { kind: "cpu", indices: script === "prepare" ? [] : [0] },
      inputs,
      output_dir: output,
      settings,
      limits: { wall_seconds: 3600, memory_mib: null, disk_mib: null },
    });
    return this.#turn(async () => {
      const worker = this.#idle.pop();
      if (worker === undefined) throw new RangeError("a lab has as many processes as turns");
      try {
        return await worker.ask({ script, request }, answerSchema);
      } finally {
        this.#idle.push(worker);
      }
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((worker) => worker.close()));
  }
}
