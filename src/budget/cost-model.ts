import type { Estimate, Job } from "../store/store.ts";
import { costFamily, priorDeviceSeconds, type DeviceKind } from "./cost-prior.ts";
import { LogRatios } from "./log-ratios.ts";

/** p90 ÷ p50 with no job to go by: the guess is for a machine that nobody has seen. */
const priorSpread90 = Math.log(8);
/** The same with jobs of another action type of the family: the machine's speed is known, the type's is not. */
const familySpread90 = Math.log(3);

interface EstimateInput {
  actionType: Job["actionType"];
  /** See `CostFeatures`. */
  work: number;
  usdPerDeviceHour: number;
  /** Devices that the job holds at once. */
  devices: number;
  /** Wall time that the p90 is not below. */
  leastSeconds?: number;
}

/**
 * What a job will cost, learnt from finished ones: for each action type the ratio of measured device seconds to a
 * fixed guess from the job's work. Until a type was seen, the ratios of its family stand in, then a stated prior.
 */
export class CostModel {
  readonly #device: DeviceKind;
  readonly #types = new Map<Job["actionType"], LogRatios>();
  readonly #families = new Map<ReturnType<typeof costFamily>, LogRatios>();

  /** @param device What jobs run on: the prior differs by three orders of magnitude. */
  constructor({ device = "cpu" }: { device?: DeviceKind } = {}) {
    this.#device = device;
  }

  /** Takes in a finished job, once each; failed jobs, canaries and jobs that measured nothing say nothing of the full cost. */
  learn(job: Job) {
    if (job.purpose === "canary") return;
    if (job.outcome !== "finished" || job.failure !== null || job.deviceSeconds === null || job.deviceSeconds <= 0) return;
    const ratio = job.deviceSeconds / priorDeviceSeconds(job.actionType, job.work, this.#device);
    entry(this.#types, job.actionType).add(ratio);
    entry(this.#families, costFamily(job.actionType)).add(ratio);
  }

  /** Cost at the median and at the 90 % quantile. */
  estimate({ actionType, work, usdPerDeviceHour, devices, leastSeconds = 0 }: EstimateInput): Estimate {
    const { mean, spread90, basis } = this.#ratio(actionType);
    const p50 = (priorDeviceSeconds(actionType, work, this.#device) * Math.exp(mean)) / 3600;
    const p90 = Math.max(p50 * Math.exp(spread90), (leastSeconds * devices) / 3600);
    return {
      deviceHoursP50: p50,
      deviceHoursP90: p90,
      usdP50: p50 * usdPerDeviceHour,
      usdP90: p90 * usdPerDeviceHour,
      wallSecondsP90: (p90 * 3600) / devices,
      basis,
    };
  }

  #ratio(actionType: Job["actionType"]): { mean: number; spread90: number; basis: string } {
    const own = this.#types.get(actionType);
    if (own !== undefined) return { mean: own.mean, spread90: own.spread90(), basis: finished(own.count, `${actionType} `) };
    const family = this.#families.get(costFamily(actionType));
    if (family === undefined) return { mean: 0, spread90: priorSpread90, basis: "a prior: no job has finished yet" };
    return {
      mean: family.mean,
      spread90: Math.max(familySpread90, family.spread90()),
      basis: `${finished(family.count, "other ")}, none of them ${actionType}`,
    };
  }
}

function finished(count: number, kind: string): string {
  return `${count} finished ${kind}job${count === 1 ? "" : "s"}`;
}

function entry<K>(map: Map<K, LogRatios>, key: K): LogRatios {
  const known = map.get(key);
  if (known !== undefined) return known;
  const added = new LogRatios();
  map.set(key, added);
  return added;
}
