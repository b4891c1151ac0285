import type { Estimate } from "../store/store.ts";

/**
 * Cost of several jobs together; null for none. Quantiles are added as they are, which is cautious: that all jobs take
 * long at once is rarer than that one does.
 */
export function addEstimates(estimates: readonly Estimate[]): Estimate | null {
  const [first, ...others] = estimates;
  if (first === undefined) return null;
  return others.reduce<Estimate>(
    (sum, estimate) => ({
      deviceHoursP50: sum.deviceHoursP50 + estimate.deviceHoursP50,
      deviceHoursP90: sum.deviceHoursP90 + estimate.deviceHoursP90,
      usdP50: sum.usdP50 + estimate.usdP50,
      usdP90: sum.usdP90 + estimate.usdP90,
      wallSecondsP90: sum.wallSecondsP90 + estimate.wallSecondsP90,
      basis: `${estimates.length} jobs: ${first.basis}`,
    }),
    first,
  );
}
