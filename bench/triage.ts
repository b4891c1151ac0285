import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { engines, type TriageEngine } from "./triage/engines.ts";
import { inducedFailures } from "./triage/induced-failures.ts";
import { induce } from "./triage/induce.ts";

/** Each failure that triage answers, made to happen again and again under each engine. */
export const bench: Bench = {
  name: "triage",
  describe: "each failure induced under each engine: the stated step, once, then the question to people",
  async run({ root, scratch, smoke, print }) {
    const wrong: string[] = [];
    const lacking: string[] = [];
    const counts: Record<string, number> = {};
    for (const start of engines(smoke)) {
      let engine: TriageEngine;
      try {
        engine = await start();
      } catch (error) {
        lacking.push(error instanceof Error ? error.message.slice(0, 200) : String(error));
        continue;
      }
      try {
        counts[engine.name] = 0;
        for (const failure of inducedFailures) {
          const home = join(scratch, `${engine.name}-${failure.name.replaceAll(" ", "-")}`);
          const found = await induce(engine, failure, root, home);
          print(`${engine.name}, ${failure.name}: ${found.length === 0 ? "as stated" : found.join("; ")}`);
          wrong.push(...found.map((text) => `${engine.name}, ${failure.name}: ${text}`));
          counts[engine.name] = (counts[engine.name] ?? 0) + 1;
        }
      } finally {
        await engine.stop();
      }
    }
    return {
      value: wrong.length,
      unit: "steps that were not as stated",
      target: "0: the stated step, once, then the question, for each failure under each engine",
      pass: wrong.length === 0,
      details: { induced: counts, lacking, wrong: wrong.slice(0, 10) },
    };
  },
};
