import type { CapName } from "./caps.ts";

/** An amount of a cap in words: `2.6 device-hours`, `3.1 device-minutes`, `$12.40`, `0.4 GB`. */
export function formatAmount(name: CapName, amount: number): string {
  switch (name) {
    case "device_hours":
      return formatDeviceHours(amount);
    case "usd":
    case "llm_usd":
      return `$${amount.toFixed(2)}`;
    case "trials":
      return `${amount} ${amount === 1 ? "trial" : "trials"}`;
    case "steps":
      return `${amount.toLocaleString("en")} ${amount === 1 ? "step" : "steps"}`;
    case "llm_tokens":
      return `${amount.toLocaleString("en")} LLM tokens`;
    case "disk_gb":
      return amount < 0.95 ? `${(amount * 1000).toFixed(amount < 0.0095 ? 1 : 0)} MB` : `${amount.toFixed(1)} GB`;
  }
}

/** Device time in the unit that reads best. */
export function formatDeviceHours(hours: number): string {
  if (hours >= 0.95) return `${hours.toFixed(1)} device-hours`;
  if (hours * 60 >= 0.95) return `${(hours * 60).toFixed(1)} device-minutes`;
  return `${(hours * 3600).toFixed(1)} device-seconds`;
}
