import {
  MessageFlags,
  type AutocompleteInteraction,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  GuildMember,
  type Interaction,
  type ModalSubmitInteraction,
} from "discord.js";
import type { Store } from "#src/store/store.ts";
import type { JobLogger } from "#tools/job-context.ts";
import type { Command } from "../command.ts";
import { commands } from "../commands/commands.ts";
import type { Desk } from "../desk.ts";
import { platform } from "../keeper/board.ts";
import type { CardShow } from "../keeper/card-show.ts";
import type { People } from "../people.ts";
import type { RunGuilds } from "../run-guilds.ts";
import { type Place, runOf } from "../place.ts";
import { renderError } from "../render/render-error.ts";
import type { CardActions } from "./card-actions.ts";
import { ChoiceCache } from "./choice-cache.ts";
import { complete, offered } from "./complete.ts";
import { parseCustomId } from "./custom-id.ts";
import { readInput } from "./read-input.ts";
import { sendAnswer } from "./send-answer.ts";

interface InteractionOptions {
  desk: Desk;
  people: People;
  runGuilds: RunGuilds;
  cards: CardShow;
  actions: CardActions;
  log: JobLogger;
}

type Answerable = ChatInputCommandInteraction | ButtonInteraction | ModalSubmitInteraction;

const unexpected = "Something unexpected happened; the log of `temper serve` says more.";
const foreign = "This button is not one of mine, or of an older version. Ask /run status for what waits.";

/** Answers commands, buttons, modals and completions. Each is acknowledged before anything is read or done. */
export class Interactions {
  readonly #options: InteractionOptions;
  readonly #choices: ChoiceCache;

  constructor(options: InteractionOptions) {
    this.#options = options;
    this.#choices = new ChoiceCache(options.desk.now);
  }

  /** Never throws: what fails is told to the person, or to the log. */
  async on(interaction: Interaction): Promise<void> {
    try {
      if (interaction.isAutocomplete()) await this.#complete(interaction);
      else if (interaction.isChatInputCommand()) await this.#command(interaction);
      else if (interaction.isButton() || interaction.isModalSubmit()) await this.#card(interaction);
    } catch (error) {
      this.#options.log.warn({ error, interaction: interaction.id }, "An interaction could not be answered.");
    }
  }

  async #command(interaction: ChatInputCommandInteraction): Promise<void> {
    const command: Command | undefined = commands.find(({ definition }) => definition.name === interaction.commandName);
    await interaction.deferReply(command?.isPrivate === false ? {} : { flags: MessageFlags.Ephemeral });
    await this.#tellErrors(interaction, async () => {
      if (command === undefined) throw new Error(`There is no command ${interaction.commandName}.`);
      const answer = await command.respond(readInput(interaction.options.data), await this.#placeOf(interaction));
      await sendAnswer(interaction, answer);
      if (answer.proposal !== null) await this.#options.cards.showProposal(answer.proposal, interaction.channelId, null);
    });
  }

  async #card(interaction: ButtonInteraction | ModalSubmitInteraction): Promise<void> {
    const id = parseCustomId(interaction.customId);
    if (id === null) {
      await interaction.reply({ content: foreign, flags: MessageFlags.Ephemeral });
      return;
    }
    const { actions } = this.#options;
    if (interaction.isButton() && actions.asksFirst(id)) {
      // A form changes nothing: the role is looked at again, and anew, when it comes back.
      return actions.ask(interaction, id, () => this.#options.people.reader(interaction.user, interaction.guild, memberOf(interaction)));
    }
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await this.#tellErrors(interaction, async () =>
      sendAnswer(interaction, await actions.perform(interaction, id, await this.#speakerOf(interaction))),
    );
  }

  async #complete(interaction: AutocompleteInteraction): Promise<void> {
    const { desk, people, runGuilds } = this.#options;
    const focused = interaction.options.getFocused(true);
    const { options, subcommand } = readInput(interaction.options.data);
    const command = [interaction.commandName, subcommand].filter((part) => part !== null).join(" ");
    const named = typeof options["run"] === "string" && focused.name !== "run" ? options["run"] : null;
    const { channelId, user, guild } = interaction;
    const load = async (store: Store) => {
      const run = await runOf({ store, runId: await this.#runIn(channelId) }, named).catch(() => null);
      return offered(store, { command, option: focused.name, run, catalogue: desk.catalogue });
    };
    const choose = async () => {
      const { guilds } = await people.reader(user, guild, memberOf(interaction));
      const name = JSON.stringify([channelId, guilds, command, focused.name, named]);
      return complete(await this.#choices.of(name, () => load(runGuilds.within(guilds))), focused.value);
    };
    await interaction.respond(await choose().catch(() => []));
  }

  async #placeOf(interaction: ChatInputCommandInteraction): Promise<Place> {
    const { desk, runGuilds } = this.#options;
    const { person, guilds } = await this.#speakerOf(interaction);
    const { channelId: channel, guildId: guild } = interaction;
    return { desk, store: runGuilds.within(guilds), person, channel, guild, runId: await this.#runIn(channel) };
  }

  async #runIn(channel: string): Promise<string | null> {
    return (await this.#options.desk.store.messages.threadIn(platform, channel))?.runId ?? null;
  }

  #speakerOf(interaction: Answerable) {
    return this.#options.people.of(interaction.user, interaction.guild, memberOf(interaction));
  }

  async #tellErrors(interaction: Answerable, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const known = renderError(error);
      if (known === null) this.#options.log.warn({ error, interaction: interaction.id }, "A person's wish could not be met.");
      await interaction.editReply({ content: known ?? unexpected });
    }
  }
}

/** With the roles of this moment: Discord sends them along. */
function memberOf({ member }: Answerable | AutocompleteInteraction): GuildMember | null {
  return member instanceof GuildMember ? member : null;
}
