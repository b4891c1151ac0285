import type { RunConfig } from "../config/run-config.ts";
import type { Estimate } from "../store/store.ts";
import { formatAmount } from "./format-amount.ts";

type Cost = Pick<Estimate, "deviceHoursP90" | "usdP90">;

/** Why people must be asked about something of this cost, or null when it is under the thresholds of `approval.over`. */
export function whyAsk(config: Pick<RunConfig, "approval">, estimate: Cost): string | null {
  return exceeds(config.approval.over, estimate);
}

/** `up to 3.4 device-hours, over 1.0 device-hours` where a cost's p90 is over a limit; else null. */
export function exceeds({ device_hours: hours, usd }: RunConfig["approval"]["over"], estimate: Cost): string | null {
  if (hours !== undefined && estimate.deviceHoursP90 > hours) {
    return `up to ${formatAmount("device_hours", estimate.deviceHoursP90)}, over ${hours === 0 ? "0 device-hours" : formatAmount("device_hours", hours)}`;
  }
  if (usd !== undefined && estimate.usdP90 > usd) return `up to ${formatAmount("usd", estimate.usdP90)}, over ${formatAmount("usd", usd)}`;
  return null;
}
