import type { RunConfig } from "../config/run-config.ts";
import type { Estimate } from "../store/store.ts";
import { formatAmount } from "./format-amount.ts";

/** Why people must be asked about something of this cost, or null when it is under the thresholds of `approval.over`. */
export function whyAsk(config: Pick<RunConfig, "approval">, estimate: Pick<Estimate, "deviceHoursP90" | "usdP90">): string | null {
  const { device_hours: hours, usd } = config.approval.over;
  if (hours !== undefined && estimate.deviceHoursP90 > hours) {
    return `up to ${formatAmount("device_hours", estimate.deviceHoursP90)}, over ${hours === 0 ? "0 device-hours" : formatAmount("device_hours", hours)}`;
  }
  if (usd !== undefined && estimate.usdP90 > usd) return `up to ${formatAmount("usd", estimate.usdP90)}, over ${formatAmount("usd", usd)}`;
  return null;
}
