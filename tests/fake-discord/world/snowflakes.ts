const discordEpochMs = 1_420_070_400_000;

/** Makes Discord's ids: time in the upper bits, rising even when the clock stands still. */
export function createSnowflakes(now: () => Date): () => string {
  let last = 0n;
  return () => {
    const stamp = BigInt(now().getTime() - discordEpochMs) << 22n;
    last = stamp > last ? stamp : last + 1n;
    return last.toString();
  };
}
