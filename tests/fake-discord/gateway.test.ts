import { Client, Events, GatewayIntentBits } from "discord.js";
import { describe, expect, it } from "vitest";
import { connect, type Connected } from "./connect.ts";

/** What the client hears people say. */
function listen({ client }: Connected): string[] {
  const heard: string[] = [];
  client.on(Events.MessageCreate, ({ content, author }) => void (author.bot ? null : heard.push(content)));
  return heard;
}

describe("gateway", () => {
  it("shows a client its guilds and channels", async () => {
    const { client, guild } = await connect();
    expect(client.guilds.cache.get(guild.id)?.channels.cache.map(({ name }) => name)).toEqual(["general"]);
    expect(client.user.username).toBe("Temper");
  });

  it("withholds what people write to each other from a bot without the message content intent, mentions aside", async () => {
    const connected = await connect();
    const { discord, channel } = connected;
    const heard = listen(connected);
    const ada = discord.user({ name: "Ada" });
    await ada.say(channel, "secret");
    await ada.say(channel, "status?", { mention: true });
    await ada.dm("in private");
    await discord.until("three messages", () => heard.length === 3);
    expect(heard).toEqual(["", `<@${discord.bot.id}> status?`, "in private"]);
  });

  it("passes everything on with the intent", async () => {
    const { Guilds, GuildMessages, MessageContent } = GatewayIntentBits;
    const connected = await connect({ intents: [Guilds, GuildMessages, MessageContent] });
    const heard = listen(connected);
    await connected.discord.user({ name: "Ada" }).say(connected.channel, "open talk");
    await connected.discord.until("the message", () => heard.includes("open talk"));
  });

  it("refuses an intent that the application was not given", async () => {
    const { discord, client } = await connect({ messageContent: false });
    const greedy = new Client({ intents: [GatewayIntentBits.MessageContent], rest: { api: discord.api } });
    await expect(greedy.login(discord.token)).rejects.toThrow("disallowed intents");
    await greedy.destroy();
    expect(discord.takeFaults()).toEqual(["gateway: Disallowed intent(s)."]);
    expect(client.isReady()).toBe(true);
  });

  it("replays what a client missed when it resumes", async () => {
    const connected = await connect();
    const { discord, channel } = connected;
    const heard = listen(connected);
    const ada = discord.user({ name: "Ada" });
    discord.drop();
    await ada.say(channel, "while you were away", { mention: true });
    await discord.until("the message", () => heard.length === 1);
    expect(discord.counts).toMatchObject({ identified: 1, resumed: 1 });
  });

  it("lets a client resume when it is asked to reconnect", async () => {
    const { discord } = await connect();
    discord.reconnect();
    await discord.until("a resumed session", () => discord.counts.resumed === 1);
  });

  it("takes heartbeats and acknowledges them", async () => {
    const { discord } = await connect({ heartbeatIntervalMs: 40 });
    await discord.until("heartbeats", () => discord.counts.heartbeats >= 3);
    expect(discord.counts).toMatchObject({ identified: 1, resumed: 0 });
  });

  it("repeats events when asked to", async () => {
    const connected = await connect();
    const { discord, client, channel } = connected;
    const seen: string[] = [];
    client.on(Events.Raw, ({ t }: { t: string | null }) => void (t === "MESSAGE_CREATE" ? seen.push(t) : null));
    await discord.user({ name: "Ada" }).say(channel, "hello");
    await discord.until("the event", () => seen.length === 1);
    discord.repeatEvents(1);
    await discord.until("the event again", () => seen.length === 2);
  });

  it("tells of edits, deletions, deleted channels and changed roles", async () => {
    const { Guilds, GuildMessages, GuildMembers } = GatewayIntentBits;
    const { discord, client, channel } = await connect({ memberEvents: true, intents: [Guilds, GuildMessages, GuildMembers] });
    const events: string[] = [];
    client.on(Events.Raw, ({ t }: { t: string | null }) => void events.push(t ?? ""));
    const ada = discord.user({ name: "Ada" });
    const message = await ada.say(channel, "hello");
    await ada.edit(message, "hello there");
    await ada.remove(message);
    ada.giveRole("trainers");
    discord.removeChannel(channel);
    await discord.until("all of it", () => events.includes("CHANNEL_DELETE"));
    expect(events.filter((event) => event !== "")).toEqual([
      "MESSAGE_CREATE",
      "MESSAGE_UPDATE",
      "MESSAGE_DELETE",
      "GUILD_MEMBER_UPDATE",
      "CHANNEL_DELETE",
    ]);
    expect(ada.roles()).toEqual(["trainers"]);
  });
});
