import type { Person } from "#src/approval/person.ts";
import type { Card } from "#src/card/card.ts";
import type { Approval, Run } from "#src/store/store.ts";
import type { CustomId } from "./interactions/custom-id.ts";
import type { Form } from "./interactions/modal.ts";

/** A proposal's card with the run that it belongs to. */
export interface ProposedCard {
  card: Card;
  runId: string | null;
  /** Nothing will change any more. */
  isLast: boolean;
}

/** What came of a click, for the person who clicked. */
export interface Performed {
  text: string;
  /** Another proposal that it led to. */
  proposal: string | null;
}

/** Where cards come from and what people do with them: the functions of `src`, as the bot calls them. */
export interface CardSource {
  approval(run: Run, approval: Approval): Promise<Card>;
  proposal(id: string): Promise<ProposedCard | null>;
  /** Markdown: candidates, predictions, similar trials. */
  details(subject: string, person: Person): Promise<string>;
  /** The form of a button that asks first. */
  form(id: CustomId, person: Person): Promise<Form>;
  /** Does what a button or a filled-in form says. @throws UserInputError when it may not be, or somebody was first. */
  perform(id: CustomId, person: Person, values: Readonly<Record<string, string>>): Promise<Performed>;
}
