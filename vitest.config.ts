import { defineConfig } from "vitest/config";

/** `TEMPER_TESTS=slow` runs what stands in `*.slow.test.ts` (kills, real trainings); else everything but that. */
const slow = process.env["TEMPER_TESTS"] === "slow";

export default defineConfig({
  test: {
    include: slow ? ["tests/**/*.slow.test.ts"] : ["tests/**/*.test.ts"],
    exclude: slow ? [] : ["tests/**/*.slow.test.ts"],
    testTimeout: slow ? 600_000 : 30_000,
    hookTimeout: slow ? 300_000 : 60_000,
    maxWorkers: 2,
    fileParallelism: !slow,
    onConsoleLog: () => {
      throw new Error("console output in a test: assert on it or hand in a writer");
    },
  },
});
