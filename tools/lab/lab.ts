import { z } from "zod";
import { atMost } from "#src/at-most.ts";
import { contractVersion } from "../contract/common.ts";
import { contractSchemas } from "../contract/schemas.ts";
import { jobEnvironment } from "../executors/local/job-environment.ts";
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

export interface LabOptions {
  /** Python of the environment that set-up makes. */
  python: string;
  /** Directory of the caches that scripts use. */
  home: string;
  /** Scripts at the same time. */
  lanes: number;
  /** `cuda`: each lane has the GPU of its number. */
  device?: "cpu" | "cuda";
  /** Whether scripts may reach a model hub. */
  network?: boolean;
}

/** Longest that one script may take, in seconds: a day. */
const wallSeconds = 86_400;

/** Runs Temper's own scripts, one core or GPU each, a few at the same time, without a conductor's jobs around them. */
export class Lab {
  readonly #idle: LineProcess[];
  readonly #all: LineProcess[];
  readonly #turn: ReturnType<typeof atMost>;
  readonly #device: "cpu" | "cuda";

  constructor({ python, home, lanes, device = "cpu", network = false }: LabOptions) {
    this.#device = device;
    const environmentOf = (lane: number) => ({
      ...jobEnvironment({ home, python, cuda: device === "cuda" ? [lane] : [], network, fixtureScripts: undefined, own: process.env }),
      HOME: home,
    });
    this.#all = Array.from({ length: lanes }, (_, lane) =>
      startLineProcess({ command: python, parameters: ["-m", "temper_gpu.lab"], environment: environmentOf(lane) }),
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
      device: { kind: script === "prepare" ? "cpu" : this.#device, indices: script === "prepare" ? [] : [0] },
      inputs,
      output_dir: output,
      settings,
      limits: { wall_seconds: wallSeconds, memory_mib: null, disk_mib: null },
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
