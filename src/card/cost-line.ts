import { formatDeviceHours } from "../budget/format-amount.ts";
import type { Approval } from "../store/store.ts";

const secondsPerHour = 3600;

/** Real device time against what people were told. */
export function costLine({ estimate }: Pick<Approval, "estimate">, deviceSeconds: number): string {
  const told = `${formatDeviceHours(estimate.deviceHoursP50)} to ${formatDeviceHours(estimate.deviceHoursP90)} (p50 to p90)`;
  return `It took ${formatDeviceHours(deviceSeconds / secondsPerHour)}; the estimate was ${told}.`;
}
