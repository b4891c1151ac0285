import { array, assert, constantFrom, nat, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { fairShares } from "#src/budget/fair-shares.ts";

const claimant = record({ demand: nat(30), weight: constantFrom(0.5, 1, 2, 5) });
const claimants = array(claimant, { maxLength: 8 }).map((all) => all.map((one, index) => ({ ...one, id: `run-${index}` })));
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe("fairShares", () => {
  it("gives nobody more than is wanted, and leaves nothing over that somebody wants", () => {
    assert(
      property(claimants, nat(60), (all, capacity) => {
        const shares = fairShares(all, capacity);
        const wanting = all.filter(({ demand }) => demand > 0);
        for (const { id, demand } of all) expect(shares.get(id) ?? 0).toBeLessThanOrEqual(demand);
        for (const { id } of wanting) expect(shares.get(id)).toBeGreaterThanOrEqual(1);
        expect(sum(shares.values())).toBe(Math.max(wanting.length, Math.min(capacity, sum(wanting.map(({ demand }) => demand)))));
      }),
    );
  });

  it("lets nobody gain by another's piece: who has less for its weight has all that it wants, or is one piece behind", () => {
    assert(
      property(claimants, nat(60), (all, capacity) => {
        const shares = fairShares(all, capacity);
        for (const poor of all.filter(({ id, demand }) => (shares.get(id) ?? 0) < demand)) {
          for (const rich of all) {
            const richShare = shares.get(rich.id) ?? 0;
            if (richShare <= 1) continue;
            expect(richShare / rich.weight).toBeLessThanOrEqual(((shares.get(poor.id) ?? 0) + 1) / poor.weight + 1e-9);
          }
        }
      }),
    );
  });

  it("comes to the same answer in whatever order it is asked", () => {
    assert(
      property(claimants, nat(60), (all, capacity) => {
        expect([...fairShares(all.toReversed(), capacity)]).toEqual([...fairShares(all, capacity)]);
      }),
    );
  });
});
