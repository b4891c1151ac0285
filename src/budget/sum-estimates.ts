import type { Estimate } from "../store/store.ts";

/**
 * What a batch costs. Its p90 is the sum of the p90s: what makes one job slow, a slow machine or a wrong prior, makes
 * them all slow. Wall time is that of one job after the other.
 */
export function sumEstimates(estimates: readonly Estimate[]): Estimate {
  const sum = (field: Exclude<keyof Estimate, "basis">) => estimates.reduce((total, estimate) => total + estimate[field], 0);
  return {
    deviceHoursP50: sum("deviceHoursP50"),
    deviceHoursP90: sum("deviceHoursP90"),
    usdP50: sum("usdP50"),
    usdP90: sum("usdP90"),
    wallSecondsP90: sum("wallSecondsP90"),
    basis: [...new Set(estimates.map((estimate) => estimate.basis))].join("; "),
  };
}
