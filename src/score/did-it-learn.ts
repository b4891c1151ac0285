import type { OutcomesByTask } from "./compare.ts";

/** What a training or merge reported, and the item outcomes of child and (first) parent on the same tasks. */
export interface LearningSigns {
  /** Relative L2 change of the weights; 0 means that nothing moved. */
  weightChange: number;
  /** Training loss at the start and at the end; null for a merge. */
  lossFirst: number | null;
  lossLast: number | null;
  childOutcomes: OutcomesByTask;
  parentOutcomes: OutcomesByTask;
}

/** Below this relative change only rounding moved. */
const rounding = 1e-9;

function sameOutcomes(child: OutcomesByTask, parent: OutcomesByTask): number | null {
  let items = 0;
  for (const [task, values] of child) {
    const others = parent.get(task);
    if (others === undefined || others.length !== values.length) return null;
    if (values.some((value, index) => value !== others[index])) return null;
    items += values.length;
  }
  return items;
}

/**
 * Tells a model that learnt from one that only trained: its weights moved, its training loss fell (merges have none),
 * and it does not answer every item as its parent does.
 */
export function didItLearn(signs: LearningSigns): { learnt: boolean; reason: string } {
  const { weightChange, lossFirst, lossLast } = signs;
  if (!(weightChange > rounding)) return { learnt: false, reason: "The weights are those of its parent: nothing moved." };
  if (lossFirst !== null && lossLast !== null && !(lossLast < lossFirst)) {
    return {
      learnt: false,
      reason: `The training loss did not fall: ${lossFirst.toFixed(3)} at the start, ${lossLast.toFixed(3)} at the end.`,
    };
  }
  const same = sameOutcomes(signs.childOutcomes, signs.parentOutcomes);
  if (same !== null && same > 0) return { learnt: false, reason: `It scores the same as its parent on each of the ${same} items.` };
  const moved = `The weights moved by ${(weightChange * 100).toPrecision(2)} %`;
  if (lossFirst === null || lossLast === null) return { learnt: true, reason: `${moved} and answers changed.` };
  return {
    learnt: true,
    reason: `${moved}, the training loss fell from ${lossFirst.toFixed(3)} to ${lossLast.toFixed(3)}, and answers changed.`,
  };
}
