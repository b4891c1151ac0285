import { UserInputError } from "#src/errors.ts";
import type { ChatContext } from "./chat-context.ts";
import type { ChatReply } from "./chat.ts";
import type { Exchange } from "./exchange.ts";
import type { Wish } from "./grammar/intent.ts";
import { replyOfText } from "./reply-of.ts";

/**
 * Makes a proposal of a wish; the bot shows its card. Nothing changes before somebody confirms it there.
 * @throws UserInputError when the wish cannot be read, or the person may only look.
 */
export async function makeProposal({ proposals }: ChatContext, { message, run }: Exchange, wish: Wish): Promise<ChatReply> {
  const { person } = message;
  if (person.role === "viewer") {
    throw new UserInputError(
      "You may look and ask here; changing a run takes the role of an operator. Ask the owner for it.",
      {},
      "not_allowed",
    );
  }
  if (run === null && wish.kind !== "start")
    throw new UserInputError("No run was started yet: there is nothing to change.", {}, "not_found");
  if (proposals === null)
    throw new UserInputError("Nobody could confirm that here. Use the command line: temper --help", {}, "not_allowed");
  const { id, text } = await proposals.propose(wish, { run, person });
  return replyOfText(`${text} Nothing changes until it is confirmed on the card.`, {
    proposal: id,
    sources: [{ kind: "proposal", id, text }],
  });
}
