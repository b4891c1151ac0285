/** Runs tasks in the order in which they come, at most `limit` at the same time. */
export function atMost(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  const state = { free: Math.max(1, limit), waiting: Array.of<() => void>() };
  return async (task) => {
    if (state.free > 0) state.free -= 1;
    else await new Promise<void>((resolve) => state.waiting.push(resolve));
    try {
      return await task();
    } finally {
      // A place goes straight to who waits longest.
      const next = state.waiting.shift();
      if (next === undefined) state.free += 1;
      else next();
    }
  };
}
