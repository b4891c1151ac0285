import {
  ActionRowBuilder,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  ChannelType,
  EmbedBuilder,
  PermissionFlagsBits,
  type Client,
  type TextChannel,
} from "discord.js";
import { describe, expect, it } from "vitest";
import { connect } from "./connect.ts";
import type { FakeChannel } from "./driver.ts";

function textChannel(client: Client, { id }: FakeChannel): TextChannel {
  const channel = client.channels.cache.get(id);
  if (channel?.type !== ChannelType.GuildText) throw new Error("no text channel");
  return channel;
}

async function connectChannel(options: Parameters<typeof connect>[0] = {}) {
  const connected = await connect(options);
  return { ...connected, text: textChannel(connected.client, connected.channel) };
}

function buttonRow(count: number): ActionRowBuilder<ButtonBuilder> {
  const buttons = Array.from({ length: count }, (_, index) =>
    new ButtonBuilder().setCustomId(`b${index}`).setLabel(`b${index}`).setStyle(ButtonStyle.Secondary),
  );
  return new ActionRowBuilder<ButtonBuilder>().addComponents(buttons);
}

/** A button as it is sent, past the client's own checks. */
function rawButton(customId: string) {
  return { type: 1, components: [{ type: 2, style: 1, label: "x", custom_id: customId }] };
}

describe("messages", () => {
  it("sends, edits, reads, reacts to and deletes", async () => {
    const { discord, channel, text, client } = await connectChannel();
    const sent = await text.send("first");
    await sent.edit({ content: "second" });
    await sent.react("👀");
    await text.sendTyping();
    expect((await text.messages.fetch({ message: sent.id, force: true })).content).toBe("second");
    expect(discord.messages(channel)).toMatchObject([{ content: "second", reactions: [{ emoji: "👀", userIds: [client.user.id] }] }]);
    expect(discord.typing).toMatchObject([{ channelId: channel.id }]);
    await sent.delete();
    expect(discord.messages(channel)).toEqual([]);
    await expect(sent.edit("third")).rejects.toMatchObject({ code: 10_008 });
  });

  it("takes files, and an embed's picture by its name", async () => {
    const { discord, channel, text } = await connectChannel();
    const embed = new EmbedBuilder().setTitle("Chart").setImage("attachment://chart.png");
    const sent = await text.send({ embeds: [embed], files: [new AttachmentBuilder(Buffer.from("bytes"), { name: "chart.png" })] });
    expect(discord.messages(channel)[0]?.files).toMatchObject([{ name: "chart.png", bytes: Buffer.from("bytes") }]);
    expect(await (await fetch(sent.embeds[0]?.image?.url ?? "")).text()).toBe("bytes");
    await sent.edit({ embeds: [], content: "none", files: [], attachments: [] });
    expect(discord.messages(channel)[0]?.files).toEqual([]);
  });

  it("posts one message for one nonce when it is enforced", async () => {
    const { discord, channel, text, advance } = await connectChannel();
    const first = await text.send({ content: "card", nonce: "a1", enforceNonce: true });
    expect((await text.send({ content: "card again", nonce: "a1", enforceNonce: true })).id).toBe(first.id);
    advance(6 * 60_000);
    await text.send({ content: "much later", nonce: "a1", enforceNonce: true });
    expect(discord.messages(channel).map(({ content }) => content)).toEqual(["card", "much later"]);
  });

  it("pings whom the message may ping and nobody else", async () => {
    const { discord, channel, text, guild } = await connectChannel();
    const ada = discord.user({ name: "Ada" });
    const said = `@everyone <@${ada.id}> <@&${guild.role("trainers").id}>`;
    await text.send(said);
    await text.send({ content: said, allowedMentions: { parse: [] } });
    expect(discord.messages(channel).map(({ pinged }) => pinged)).toEqual([[ada.id], []]);
  });

  it("opens threads, archives them, and reaches people directly", async () => {
    const { discord, channel, text, client } = await connectChannel();
    const thread = await (await text.send("run")).startThread({ name: "three-skills" });
    await thread.send("inside");
    const [opened] = discord.threads(channel);
    if (opened === undefined) throw new Error("no thread");
    expect(discord.messages(opened).map(({ content }) => content)).toEqual(["inside"]);
    await thread.setArchived(true);
    expect(opened.isArchived).toBe(true);
    const ada = discord.user({ name: "Ada" });
    await (await client.users.fetch(ada.id)).send("hello");
    expect(ada.sees(ada.direct).map(({ content }) => content)).toEqual(["hello"]);
    const stranger = discord.user({ name: "Stranger", guild: null });
    await expect((await client.users.fetch(stranger.id)).send("hello")).rejects.toMatchObject({ code: 50_007 });
  });

  it.each([
    ["2,001 characters", { content: "x".repeat(2001) }, 50_035],
    ["nothing", { content: " " }, 50_006],
    ["an embed of 6,001 characters", { embeds: [{ description: "x".repeat(3001) }, { description: "x".repeat(3000) }] }, 50_035],
    ["26 fields", { embeds: [{ fields: Array.from({ length: 26 }, () => ({ name: "a", value: "b" })) }] }, 50_035],
    ["6 buttons in a row", { content: "x", components: [buttonRow(6).toJSON()] }, 50_035],
    ["6 rows", { content: "x", components: Array.from({ length: 6 }, (_, index) => rawButton(`r${index}`)) }, 50_035],
    ["a custom id of 101 characters", { content: "x", components: [rawButton("c".repeat(101))] }, 50_035],
    ["a custom id twice", { content: "x", components: [rawButton("same"), rawButton("same")] }, 50_035],
    [
      "26 options",
      {
        content: "x",
        components: [
          {
            type: 1,
            components: [{ type: 3, custom_id: "m", options: Array.from({ length: 26 }, (_, n) => ({ label: `${n}`, value: `${n}` })) }],
          },
        ],
      },
      50_035,
    ],
  ])("refuses a message with %s", async (_what, body, code) => {
    const { discord, client, channel } = await connectChannel();
    await expect(client.rest.post(`/channels/${channel.id}/messages`, { body })).rejects.toMatchObject({ code });
    expect(discord.takeFaults()).toHaveLength(1);
    expect(discord.messages(channel)).toEqual([]);
  });

  it("lets a bot do only what its role and the channel allow", async () => {
    const { discord, text, channel, client } = await connectChannel();
    channel.denied = PermissionFlagsBits.AttachFiles;
    await expect(text.send({ files: [new AttachmentBuilder(Buffer.from("x"), { name: "x.txt" })] })).rejects.toMatchObject({
      code: 50_013,
    });
    channel.denied = PermissionFlagsBits.ViewChannel;
    await expect(text.send("hello")).rejects.toMatchObject({ code: 50_001 });
    discord.removeChannel(channel);
    await expect(client.rest.post(`/channels/${channel.id}/messages`, { body: { content: "x" } })).rejects.toMatchObject({ code: 10_003 });
    expect(discord.faults).toEqual([]);
  });

  it("refuses a wrong token", async () => {
    const { discord, channel } = await connectChannel();
    const response = await fetch(`${discord.api}/v10/channels/${channel.id}`, { headers: { authorization: "Bot wrong" } });
    expect(response.status).toBe(401);
    expect(discord.takeFaults()).toHaveLength(1);
  });

  it.each([false, true])("limits the next requests, for all routes: %s", async (isGlobal) => {
    const { discord, channel, text } = await connectChannel();
    discord.limit("POST /channels/:id/messages", 2, 0.05, isGlobal);
    await text.send("through in the end");
    expect(discord.messages(channel)).toHaveLength(1);
    const statuses = discord.requests.filter(({ route }) => route === "POST /channels/:channel/messages").map(({ status }) => status);
    expect(statuses).toEqual([429, 429, 200]);
  });

  it("keeps Discord's own limit of 5 messages per 5 seconds when asked to", async () => {
    const { discord, channel } = await connectChannel({ limitsMessages: true });
    const post = () =>
      fetch(`${discord.api}/v10/channels/${channel.id}/messages`, {
        method: "POST",
        headers: { authorization: `Bot ${discord.token}`, "content-type": "application/json" },
        body: JSON.stringify({ content: "x" }),
      });
    const statuses = (await Promise.all(Array.from({ length: 20 }, post))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(5);
    expect(statuses).toContain(429);
  });

  it("breaks a route when asked to; the client tries again", async () => {
    const { discord, channel, text } = await connectChannel();
    discord.breakRoute("POST /channels/:id/messages", 1, 503);
    await text.send("through in the end");
    expect(discord.messages(channel)).toHaveLength(1);
  });
});

describe("commands", () => {
  const command = { name: "status", description: "Says how it goes" };

  it("keeps global commands and those of a guild apart", async () => {
    const { discord, client, guild } = await connectChannel();
    await client.application.commands.set([command]);
    const created = await client.application.commands.create({ ...command, name: "here" }, guild.id);
    await client.application.commands.edit(created.id, { description: "Changed" }, guild.id);
    expect(discord.commands().map(({ name }) => name)).toEqual(["status"]);
    expect(discord.commands(guild)).toMatchObject([{ id: created.id, name: "here", description: "Changed" }]);
    await client.application.commands.delete(created.id, guild.id);
    expect(discord.commands(guild)).toEqual([]);
    expect((await client.application.commands.fetch()).map(({ name }) => name)).toEqual(["status"]);
  });

  it.each([
    ["an upper-case name", { ...command, name: "Status" }],
    ["no description", { name: "status" }],
    [
      "a required option after one that is not",
      {
        ...command,
        options: [
          { type: 3, name: "a", description: "a" },
          { type: 3, name: "b", description: "b", required: true },
        ],
      },
    ],
    [
      "26 choices",
      {
        ...command,
        options: [
          { type: 3, name: "a", description: "a", choices: Array.from({ length: 26 }, (_, n) => ({ name: `${n}`, value: `${n}` })) },
        ],
      },
    ],
  ])("refuses a command with %s", async (_what, body) => {
    const { discord, client } = await connectChannel();
    await expect(client.rest.post(`/applications/${discord.applicationId}/commands`, { body })).rejects.toMatchObject({ code: 50_035 });
    expect(discord.takeFaults()).toHaveLength(1);
  });
});
