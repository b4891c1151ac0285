import { formatScore } from "#src/memory/format-score.ts";
import type { Interval } from "#src/score/interval.ts";
import { bootstrapMean } from "#src/score/bootstrap.ts";
import { readingAt, type ReadRun } from "#src/search/run-record.ts";

/** What arms reached on `final` at one point of their runs, and how far the first is ahead of each other one, paired by world. */
export interface ArmComparison {
  at: string;
  /** Worlds that every arm has searched. */
  worlds: number[];
  /** Mean `final` score of the chosen model by arm, with its interval over worlds. */
  scores: Record<string, Interval>;
  /** First arm minus the other, by the other's name. */
  ahead: Record<string, Interval>;
}

/** Compares arms over the worlds that all of them have searched. @throws RangeError when there is none. */
export function compareArms(records: readonly ReadRun[], arms: readonly string[], at: string): ArmComparison {
  const finalOf = new Map(records.map((record) => [`${record.arm} ${record.world}`, record]));
  const worlds = [...new Set(records.map(({ world }) => world))]
    .filter((world) => arms.every((arm) => finalOf.has(`${arm} ${world}`)))
    .toSorted((a, b) => a - b);
  const [first] = arms;
  if (worlds.length === 0 || first === undefined) throw new RangeError(`no world was searched by all of ${arms.join(", ")}`);
  const values = (arm: string) =>
    worlds.flatMap((world) => {
      const record = finalOf.get(`${arm} ${world}`);
      return record === undefined ? [] : [readingAt(record, at).final];
    });
  const own = values(first);
  return {
    at,
    worlds,
    scores: Object.fromEntries(arms.map((arm) => [arm, bootstrapMean(values(arm))])),
    ahead: Object.fromEntries(
      arms.slice(1).map((arm) => [arm, bootstrapMean(values(arm).map((value, index) => (own[index] ?? 0) - value))]),
    ),
  };
}

/** `.767 [.749, .784]`. */
export function formatInterval({ mean, low, high }: Interval): string {
  return `${formatScore(mean)} [${formatScore(low)}, ${formatScore(high)}]`;
}
