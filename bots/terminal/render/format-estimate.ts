import type { Estimate } from "#src/store/store.ts";
import { formatDeviceSeconds } from "./format-duration.ts";

/** `$3.50`, `$12`, `$0.004`: cents where they matter. */
export function formatUsd(usd: number): string {
  if (usd === 0 || usd >= 100) return `$${usd.toFixed(0)}`;
  return usd >= 0.01 ? `$${usd.toFixed(2)}` : `$${usd.toPrecision(1)}`;
}

/** `2.6 h to 3.4 h on one device (p50 to p90), $9.10 to $11.90; from 12 finished sft jobs`. */
export function formatEstimate(estimate: Estimate): string {
  const time = `${formatDeviceSeconds(estimate.deviceHoursP50 * 3600)} to ${formatDeviceSeconds(estimate.deviceHoursP90 * 3600)} of device time (p50 to p90)`;
  const money = estimate.usdP90 > 0 ? `, ${formatUsd(estimate.usdP50)} to ${formatUsd(estimate.usdP90)}` : "";
  return `${time}${money}; from ${estimate.basis}`;
}
