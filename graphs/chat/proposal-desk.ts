import type { Person } from "#src/approval/person.ts";
import type { Run } from "#src/store/store.ts";
import type { Wish } from "./grammar/intent.ts";

/** A proposal that was made: nothing happens until somebody with the role presses its button. */
export interface Proposed {
  /** `p7`. */
  id: string;
  /** What was understood, in one plain sentence. */
  text: string;
}

/**
 * Turns wishes into proposals for people to confirm. It can propose only: no way leads from here to a decision.
 * @throws UserInputError when the wish cannot be read or may not be made.
 */
export interface ProposalDesk {
  propose(wish: Wish, about: { run: Run | null; person: Person }): Promise<Proposed>;
}
