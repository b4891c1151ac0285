import type { RunConfig } from "../config/run-config.ts";
import { type Baseline, densities, gridSizes, tiesOf } from "./baselines.ts";

/** A baseline that needs no other model first, with its key. */
interface FirstBaseline extends Baseline {
  key: string;
}

/** What follows the first baselines, before their scores say which. Merges name their parents by key. */
interface Sequels {
  /** All that can follow when every first baseline is made. */
  possible: Baseline[];
  /** Of these as many as will follow: what they cost together is what the rest will cost. */
  expected: Baseline[];
}

/** More merges than a person can be said to have been shown: where there are more, people are asked once the scores are known. */
const mostMerges = 1000;

/** What the TIES grid and the noise repeats can be, so that people are asked about all baselines at once. */
export function baselineSequels(config: RunConfig, first: readonly FirstBaseline[]): Sequels {
  const repeats = possibleRepeats(config, first);
  const merges = possibleMerges(config, first);
  return {
    possible: [...repeats.flat(), ...merges.flatMap(({ possible }) => possible)],
    expected: [...(repeats[0] ?? []), ...merges.flatMap(({ expected }) => expected)],
  };
}

/** The repeats of each baseline that could turn out the best single. */
function possibleRepeats({ baselines }: RunConfig, first: readonly FirstBaseline[]): Baseline[][] {
  if (baselines === false) return [];
  const singles = first.filter(({ action }) => action.datasets.length === 1);
  return (singles.length > 0 ? singles : first).map(({ action }) =>
    Array.from({ length: baselines.noise_repeats }, (_, index) => ({ label: "noise", action: { ...action, seed: index + 1 } })),
  );
}

function possibleMerges(config: RunConfig, first: readonly FirstBaseline[]): Sequels[] {
  if (config.baselines === false || !config.baselines.ties_grid) return [];
  const singles = Map.groupBy(
    first.filter(({ label }) => label === "single"),
    ({ action }) => action.models[0],
  );
  return [...singles.values()].flatMap((group) => {
    const keys = group.map(({ key }) => key);
    return gridSizes(keys.length).map((size) => ({
      possible: subsets(keys, size).flatMap((parents) => densities(config).map((density) => tiesOf(parents, density))),
      expected: densities(config).map((density) => tiesOf(keys.slice(0, size), density)),
    }));
  });
}

/** All choices of so many of them; none when they are too many. */
function subsets(all: readonly string[], size: number): string[][] {
  let count = 1;
  for (let taken = 0; taken < size; taken++) count = (count * (all.length - taken)) / (taken + 1);
  return count > mostMerges ? [] : choose(all, size);
}

function choose(all: readonly string[], size: number): string[][] {
  if (size === 0) return [[]];
  return all.flatMap((one, index) => choose(all.slice(index + 1), size - 1).map((others) => [one, ...others]));
}
