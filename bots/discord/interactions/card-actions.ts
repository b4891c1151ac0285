import type { ButtonInteraction, ModalSubmitInteraction } from "discord.js";
import { UserInputError } from "#src/errors.ts";
import type { Answer } from "../answer.ts";
import { answer } from "../answer.ts";
import type { CardSource } from "../card-source.ts";
import type { Desk } from "../desk.ts";
import type { CardShow } from "../keeper/card-show.ts";
import type { Speaker } from "../people.ts";
import type { RunGuilds } from "../run-guilds.ts";
import { escapeMarkdown } from "#src/explain/answer/escape-markdown.ts";
import { renderError } from "../render/render-error.ts";
import type { CustomId } from "./custom-id.ts";
import { askModal, fieldsOf } from "./modal.ts";

interface CardActionOptions {
  desk: Desk;
  source: CardSource;
  cards: CardShow;
  runGuilds: RunGuilds;
}

/** What the buttons of a card do. Who clicked, and whether they may, is looked at here and now, and again in the transaction. */
export class CardActions {
  readonly #options: CardActionOptions;

  constructor(options: CardActionOptions) {
    this.#options = options;
  }

  /** True for buttons that open a form before anything is done. */
  asksFirst({ action }: CustomId): boolean {
    return action === "reject" || action === "edit" || action === "change";
  }

  /** Opens the form of a button; it is the acknowledgement, so that little is read before it. */
  async ask(interaction: ButtonInteraction, id: CustomId, speaker: () => Promise<Speaker>): Promise<void> {
    try {
      const { person, guilds } = await speaker();
      // The form of a rejection shows nothing of the card; what comes back is looked at again.
      if (id.action !== "reject") await this.#refuseUnlessHere(id, guilds);
      const form = await this.#options.source.form(id, person);
      await interaction.showModal(askModal(id, form));
    } catch (error) {
      const known = renderError(error);
      await interaction.reply({ content: known ?? "The form could not be opened; try again.", flags: "Ephemeral" });
      if (known === null) throw error;
    }
  }

  /** Does what was clicked or filled in, and says so to the person; the card itself is rewritten for everyone. */
  async perform(interaction: ButtonInteraction | ModalSubmitInteraction, id: CustomId, { person, guilds }: Speaker): Promise<Answer> {
    const { source, desk, cards } = this.#options;
    await this.#refuseUnlessHere(id, guilds);
    if (id.action === "details") return answer(await source.details(id.subject, person));
    if (interaction.isButton() && this.asksFirst(id)) throw new UserInputError("This button opens a form.");
    const values = interaction.isModalSubmit() ? fieldsOf(interaction) : {};
    try {
      const { text, proposal } = await source.perform(id, person, values);
      if (proposal !== null) await cards.showProposal(proposal, interaction.channelId ?? "", null);
      return answer(escapeMarkdown(text));
    } finally {
      // Also after a refusal: the card may be older than what it shows.
      desk.wake();
    }
  }

  /** A card decides in the guild of its run and nowhere else, whoever has its id. */
  async #refuseUnlessHere({ subject }: CustomId, guilds: readonly string[]): Promise<void> {
    if (await this.#options.runGuilds.reaches(guilds, subject)) return;
    throw new UserInputError(`There is no ${subject} here: it belongs to another server, or is gone.`, { subject }, "not_found");
  }
}
