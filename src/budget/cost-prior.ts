import type { Job } from "../store/store.ts";

type CostedType = Job["actionType"];
export type DeviceKind = "cpu" | "cuda";

/**
 * Work units that one device gets through in a second, before any job was seen. Training: parameters × tokens. One
 * CPU core trains the tiny model (147 K parameters) on 41 K tokens in 1.5 s, 4e9 a second; for a GPU 2e12 is a tenth
 * of what an A100 reaches in bf16 at 40 % use (312e12 × 0.4 / 6 flops), since small models use less of it.
 */
const trainingRate: Record<DeviceKind, number> = { cpu: 4e9, cuda: 2e12 };

/**
 * Merges and evaluations: parameters × parents, parameters × items as short as the tiny world's (see
 * `costedItems`). The tiny model answers 600 items in 0.15 s on a core, 6e8 a second; batched generation on a GPU is
 * some fifty times as fast.
 */
const passRate: Record<DeviceKind, number> = { cpu: 5e8, cuda: 2.5e10 };

/** Passes for one token, against SFT: chosen and rejected answers both count, and a reference model runs beside the policy. */
const passes: Record<CostedType, number> = {
  sft: 1,
  dpo: 2.5,
  kto: 1.5,
  orpo: 2,
  merge_linear: 1,
  merge_task_arithmetic: 1,
  merge_ties: 1,
  merge_dare_ties: 1,
  merge_slerp: 1,
  evaluate: 1,
};

/** Loading models, saving, and a warm worker's start. */
const overheadSeconds = 1;

/** Types that do the same kind of computing, so that the speed of one says something about the others. */
export function costFamily(type: CostedType): "training" | "passing" {
  return type === "evaluate" || type.startsWith("merge_") ? "passing" : "training";
}

/** Device seconds of a job as one would guess before any was seen. Learnt ratios correct it. */
export function priorDeviceSeconds(type: CostedType, work: number, device: DeviceKind): number {
  const rate = costFamily(type) === "training" ? trainingRate[device] : passRate[device];
  return overheadSeconds + (work * passes[type]) / rate;
}
