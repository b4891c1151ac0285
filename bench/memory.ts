import { createRuleAgents } from "#graphs/agents/rule-agents.ts";
import { openScriptedWorld } from "#tests/graphs/scripted-world.ts";
import type { Bench, BenchContext } from "./bench.ts";

const spread = 0.1;

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function measure({ smoke, print }: BenchContext) {
  const trials = smoke ? 100 : 10_000;
  const windowTrials = trials / 10;
  const samples: number[] = [];
  const agents = (config: Parameters<typeof createRuleAgents>[0]) => {
    const rules = createRuleAgents(config);
    const reflect: typeof rules.reflect = async (input) => {
      samples.push(process.memoryUsage().rss / 2 ** 20);
      if (samples.length % windowTrials === 0) print(`${samples.length} trials: ${Math.round(samples.at(-1) ?? 0)} MiB`);
      return rules.reflect(input);
    };
    return { ...rules, reflect };
  };
  const world = await openScriptedWorld({ policy: "random", budget: { trials } });
  await world.conductor({ agents, pollMs: 250 }).follow(world.run.id);
  const { chosen } = await world.store.trials.counts(world.run.id);
  await world.close();
  // One number for each tenth of the run: garbage comes and goes within it.
  const tenths = Array.from({ length: 10 }, (_, tenth) =>
    Math.round(median(samples.slice(tenth * windowTrials, (tenth + 1) * windowTrials))),
  );
  const last = tenths.slice(2);
  const centre = (Math.max(...last) + Math.min(...last)) / 2;
  const deviation = (Math.max(...last) - centre) / centre;
  return {
    value: Math.round(1000 * deviation) / 10,
    unit: "% around the middle",
    target: `<= ${spread * 100} % over the last ${trials * 0.8} of ${trials} trials`,
    // A process that has just started still grows: the short form says that the run was whole.
    pass: chosen === trials && (smoke || deviation <= spread),
    details: { mibByTenth: tenths, trials: chosen },
  };
}

/** Whether a conductor that works for weeks stays as big as it is. */
export const bench: Bench = {
  name: "memory",
  describe: "resident memory of a conductor over 10,000 trials (SQLite, scripted executor, random policy): flat over the last 8,000",
  run: measure,
};
