import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Events,
  MessageFlags,
  ModalBuilder,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
  type Interaction,
} from "discord.js";
import { describe, expect, it } from "vitest";
import { connect, type Connected } from "./connect.ts";
import type { FakeMessage } from "./driver.ts";

const commands = [
  new SlashCommandBuilder()
    .setName("run")
    .setDescription("Runs")
    .addSubcommand((start) =>
      start
        .setName("start")
        .setDescription("Starts a run")
        .addStringOption((name) => name.setName("name").setDescription("Which").setRequired(true).setAutocomplete(true))
        .addIntegerOption((trials) => trials.setName("trials").setDescription("How many").setMinValue(1))
        .addAttachmentOption((config) => config.setName("config").setDescription("A file")),
    ),
].map((command) => command.toJSON());

const button = (customId: string, label: string) => new ButtonBuilder().setCustomId(customId).setLabel(label).setStyle(ButtonStyle.Primary);
const buttons = (...parts: ButtonBuilder[]) => new ActionRowBuilder<ButtonBuilder>().addComponents(...parts);

/** Connects a client that answers every interaction by `answer`; what it rejects with is kept. */
async function answering(answer: (interaction: Interaction) => Promise<unknown>): Promise<Connected & { rejections: unknown[] }> {
  const connected = await connect();
  const rejections: unknown[] = [];
  await connected.client.application.commands.set(commands);
  connected.client.on(
    Events.InteractionCreate,
    (interaction) => void answer(interaction).catch((error: unknown) => rejections.push(error)),
  );
  return { ...connected, rejections };
}

function only(messages: FakeMessage[]): FakeMessage {
  const [message] = messages;
  if (message === undefined || messages.length !== 1) throw new Error(`expected one message, not ${messages.length}`);
  return message;
}

describe("interactions", () => {
  it("brings options, files and member to a command, and records the latency of its acknowledgement", async () => {
    const seen: unknown[] = [];
    const { discord } = await answering(async (interaction) => {
      if (!interaction.isChatInputCommand() || !interaction.inCachedGuild()) return;
      const config = interaction.options.getAttachment("config", true);
      seen.push(interaction.options.getSubcommand(), interaction.options.getInteger("trials"), await (await fetch(config.url)).text());
      seen.push(interaction.member.roles.cache.map(({ name }) => name));
      await interaction.reply("done");
    });
    const ada = discord.user({ name: "Ada", roles: ["trainers"] });
    const asked = await ada.slash("run start", { name: "demo", trials: 4, config: { file: "run.yaml", content: "seed: 1" } });
    expect(asked).toMatchObject({ acknowledgement: "message", hasFailed: false, what: "/run start" });
    expect(asked.acknowledgedAfterMs).toBeGreaterThan(0);
    expect(only(asked.messages).content).toBe("done");
    expect(seen.slice(0, 3)).toEqual(["start", 4, "seed: 1"]);
    expect(seen[3]).toContain("trainers");
  });

  it("offers choices while a person types", async () => {
    const { discord } = await answering(async (interaction) => {
      if (interaction.isAutocomplete()) await interaction.respond([{ name: `${interaction.options.getFocused()}!`, value: "x" }]);
    });
    expect(await discord.user({ name: "Ada" }).autocomplete("run start", { name: "de" }, "name")).toEqual([{ name: "de!", value: "x" }]);
  });

  it.each([
    ["a command", "nothing", {}, "There is no command /nothing. Registered: /run."],
    ["a subcommand", "run away", {}, "There are: start."],
    ["an option", "run start", { nme: "x" }, "There are: name, trials, config."],
    ["a value", "run start", { name: "x", trials: 0 }, 'Option "trials" takes 1'],
    ["a required option", "run start", {}, 'Option "name" must be filled in.'],
  ])("does not send %s that Discord's client would not", async (_what, command, options, error) => {
    const { discord } = await answering(() => Promise.resolve());
    await expect(discord.user({ name: "Ada" }).slash(command, options)).rejects.toThrow(error);
  });

  it("plays a deferred ephemeral answer, follow-ups and edits", async () => {
    const { discord, channel } = await answering(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
      await interaction.editReply("only for you");
      await interaction.followUp("for all");
    });
    const [ada, bo] = [discord.user({ name: "Ada" }), discord.user({ name: "Bo" })];
    await ada.slash("run start", { name: "demo" });
    await discord.until("both", () => discord.messages(channel).length === 1);
    expect(bo.sees(channel).map(({ content }) => content)).toEqual(["for all"]);
    expect(ada.sees(channel).map(({ content }) => content)).toEqual(["only for you", "for all"]);
  });

  it("plays buttons, menus and modals", async () => {
    const { discord, channel } = await answering(async (interaction) => {
      if (interaction.isChatInputCommand()) {
        const menu = new StringSelectMenuBuilder().setCustomId("pick").addOptions({ label: "First", value: "1" });
        await interaction.reply({
          content: "card",
          components: [buttons(button("reject", "Reject")), new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(menu)],
        });
      }
      if (interaction.isStringSelectMenu()) await interaction.update({ content: `picked ${interaction.values[0]}` });
      if (interaction.isButton()) {
        const reason = new TextInputBuilder().setCustomId("reason").setLabel("Why?").setStyle(TextInputStyle.Paragraph).setMaxLength(20);
        const rows = new ActionRowBuilder<TextInputBuilder>().addComponents(reason);
        await interaction.showModal(new ModalBuilder().setCustomId("why").setTitle("Reject a1").addComponents(rows));
      }
      if (interaction.isModalSubmit() && interaction.isFromMessage())
        await interaction.update({ content: `rejected: ${interaction.fields.getTextInputValue("reason")}`, components: [] });
    });
    const ada = discord.user({ name: "Ada" });
    await ada.slash("run start", { name: "demo" });
    const card = only(discord.messages(channel));
    await ada.choose(card, ["First"]);
    const { modal } = await ada.click(card, "Reject");
    if (modal === null) throw new Error("no modal");
    await expect(ada.submit(modal, {})).rejects.toThrow('"Why?" must be filled in');
    await ada.submit(modal, { "Why?": "too dear" });
    expect(card).toMatchObject({ content: "rejected: too dear", buttons: [] });
    expect(card.earlier.map(({ content }) => content)).toEqual(["card", "picked 1"]);
    await expect(ada.click(card, "Reject")).rejects.toThrow("There are: none.");
  });

  it("fails an interaction that nobody acknowledges within 3 seconds, and refuses the late answer", async () => {
    const late: Interaction[] = [];
    const { discord, advance } = await answering((interaction) => Promise.resolve(late.push(interaction)));
    const asked = discord.user({ name: "Ada" }).slash("run start", { name: "demo" });
    const interaction = await discord.until("the interaction", () => late[0]);
    advance(3001);
    expect(await asked).toMatchObject({ hasFailed: true, acknowledgement: null });
    if (!interaction.isChatInputCommand()) throw new Error("not a command");
    await expect(interaction.reply("late")).rejects.toMatchObject({ code: 10_062 });
    expect(discord.takeFaults()).toHaveLength(1);
  });

  it("refuses a second acknowledgement", async () => {
    const { discord, rejections } = await answering(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.reply("once");
      await interaction.client.rest.post(`/interactions/${interaction.id}/${interaction.token}/callback`, {
        body: { type: 4, data: { content: "twice" } },
      });
    });
    await discord.user({ name: "Ada" }).slash("run start", { name: "demo" });
    await discord.until("the refusal", () => rejections.length === 1);
    expect(rejections).toMatchObject([{ code: 40_060 }]);
    expect(discord.takeFaults()).toHaveLength(1);
  });

  it("forgets an interaction's token after 15 minutes", async () => {
    const kept: Interaction[] = [];
    const { discord, advance } = await answering(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.reply("card");
      kept.push(interaction);
    });
    await discord.user({ name: "Ada" }).slash("run start", { name: "demo" });
    const interaction = await discord.until("the answer", () => kept[0]);
    advance(15 * 60_000 + 1);
    if (!interaction.isChatInputCommand()) throw new Error("not a command");
    await expect(interaction.editReply("later")).rejects.toMatchObject({ code: 50_027 });
    expect(discord.takeFaults()).toHaveLength(1);
  });

  it("sends forged clicks with the roles that the person really has there", async () => {
    const seen: unknown[] = [];
    const { discord, channel, client } = await answering(async (interaction) => {
      if (!interaction.isButton() || !interaction.inCachedGuild()) return;
      seen.push(
        interaction.customId,
        interaction.guild.name,
        interaction.member.roles.cache.map(({ name }) => name),
      );
      await interaction.deferUpdate();
    });
    const other = discord.guild({ name: "other", roles: ["trainers"] });
    await discord.until("the guild", () => client.guilds.cache.size === 2);
    const mal = discord.user({ name: "Mal" });
    discord.join(mal, other, ["trainers"]);
    const message = await mal.say(channel, "hi");
    await mal.forge({ customId: "approve:a1", message });
    await mal.forge({ customId: "approve:a1", message, channel: other.channel("general"), guild: other });
    expect(seen).toEqual(["approve:a1", "lab", ["@everyone"], "approve:a1", "other", expect.arrayContaining(["trainers"])]);
  });
});
