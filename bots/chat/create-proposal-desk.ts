import type { Wish } from "#graphs/chat/grammar/intent.ts";
import type { ProposalDesk, Proposed } from "#graphs/chat/proposal-desk.ts";
import type { Person } from "#src/approval/person.ts";
import { UserInputError } from "#src/errors.ts";
import type { Store } from "#src/store/store.ts";
import { proposeRunWish, type RunWishContext } from "./propose-run-wish.ts";

interface DeskOptions extends RunWishContext {
  store: Store;
  /** Plans a run of the owner's catalogue; null where none can be started by words. */
  start: ((wish: Extract<Wish, { kind: "start" }>, person: Person) => Promise<Proposed>) | null;
}

/** Makes stored proposals of what people wish for by chat, the same on every platform. */
export function createProposalDesk({ start, ...context }: DeskOptions): ProposalDesk {
  return {
    async propose(wish, { run, person }) {
      if (wish.kind === "start") {
        if (start !== null) return start(wish, person);
        throw new UserInputError("Here a run starts from its file: temper start temper.yaml", {}, "not_allowed");
      }
      if (run === null) throw new UserInputError("Say which run is meant.", {}, "not_found");
      return proposeRunWish(context, wish, { run, person });
    },
  };
}
