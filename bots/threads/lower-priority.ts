import { getPriority, platform, setPriority } from "node:os";

const nicest = 19;

/**
 * Lets the threads that answer people go before this one where cores are short. On Linux each thread has a niceness of its
 * own; elsewhere it is the whole process's, and nothing is done.
 * @param by how much nicer, 1 to 19.
 */
export function lowerPriority(by: number): void {
  if (platform() === "linux") setPriority(Math.min(nicest, getPriority() + by));
}
