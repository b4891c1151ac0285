/** Who wants a share of something that comes in whole pieces. */
export interface Claimant {
  id: string;
  /** Pieces that it could use. */
  demand: number;
  /** A claimant of weight 2 gets twice as much as one of weight 1, as long as both want it. */
  weight: number;
}

/**
 * Shares out `capacity` pieces, max-min fair by weight: each piece goes to whoever has the least for its weight, nobody
 * gets more than it wants, and what one leaves goes to the others. Everybody who wants any gets one at least, also
 * where there are more claimants than pieces: whoever hands out the pieces then lets them wait for each other. Ties go
 * by id, so that all who count come to the same answer.
 */
export function fairShares(claimants: readonly Claimant[], capacity: number): Map<string, number> {
  const wanting = claimants.filter(({ demand }) => demand > 0).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const shares = new Map(wanting.map(({ id }) => [id, 1]));
  for (let left = capacity - wanting.length; left > 0; left--) {
    const next = poorest(wanting, shares);
    if (next === null) break;
    shares.set(next.id, (shares.get(next.id) ?? 0) + 1);
  }
  return shares;
}

function poorest(claimants: readonly Claimant[], shares: ReadonlyMap<string, number>): Claimant | null {
  let found: Claimant | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const claimant of claimants) {
    const share = shares.get(claimant.id) ?? 0;
    const standing = (share + 1) / claimant.weight;
    if (share >= claimant.demand || standing >= least) continue;
    found = claimant;
    least = standing;
  }
  return found;
}
