import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, runPytest, runVitest, type SuiteResult } from "./suites.ts";

/** Prints what ran and what was skipped; returns the exit code. */
function report(results: readonly SuiteResult[]): number {
  const passed = results.reduce((sum, each) => sum + each.passed, 0);
  const failed = results.reduce((sum, each) => sum + each.failed, 0);
  for (const { name, skipped } of results) for (const test of skipped) process.stdout.write(`skipped in ${name}: ${test}\n`);
  mkdirSync(join(root, ".cache"), { recursive: true });
  writeFileSync(join(root, ".cache/test-results.json"), `${JSON.stringify(results)}\n`);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

process.exitCode = report([await runVitest("fast"), await runPytest("fast")]);
