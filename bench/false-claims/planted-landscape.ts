import { createRng } from "#src/policy/rng.ts";
import { createLandscape, type Landscape } from "#tools/executors/scripted/landscape.ts";

interface Planted {
  seed: number;
  /** What the one good action adds to the chance of a right answer, on every task. */
  gain: number;
  /** Standard deviation over training seeds, of each task. */
  noise: number;
  isGood(training: { datasets: readonly string[]; steps: number }): boolean;
}

const baseSkill = 0.4;

/** A world in which no training changes anything but by its seed, and one kind of action may add `gain`. */
export function plantedLandscape({ seed, gain, noise, isGood }: Planted): Landscape {
  const settle = (skill: number, key: string, task: string) => skill + noise * createRng(seed, "noise", key, task).normal();
  return {
    ...createLandscape({ seed, noise }),
    base: () => baseSkill,
    train: ({ key, datasets, steps }, task) => settle(baseSkill + (isGood({ datasets, steps }) ? gain : 0), key, task),
    merge: ({ key }, task) => settle(baseSkill, key, task),
  };
}
