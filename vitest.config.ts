import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    onConsoleLog: () => {
      throw new Error("console output in a test: assert on it or hand in a writer");
    },
  },
});
