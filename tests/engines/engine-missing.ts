import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const isInstalled = (program: string) =>
  [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"].some((folder) => existsSync(join(folder, program)));

/**
 * Why the fast tests leave a real engine out here; null when they try it. The slow suites start both, and a missing
 * one fails there, as it does with `CI_STRICT=1`.
 */
export function engineMissing(kind: "slurm" | "ray"): string | null {
  if (process.env["CI_STRICT"] === "1") return null;
  if (kind === "ray") return "a Ray head takes 20 s to start; the slow suites start one";
  if (!isInstalled("slurmctld") || !isInstalled("munged")) return "Slurm is not installed; the slow suites install it";
  return process.getuid?.() === 0 ? null : "a Slurm of one's own needs root";
}
