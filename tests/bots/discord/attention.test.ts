import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Chat } from "#graphs/chat/chat.ts";
import type { FakeChannel, FakeMessage, FakeUser } from "#tests/fake-discord/driver.ts";
import { openBotWorld, type BotWorld } from "./bot-world.ts";

let world: BotWorld;
beforeEach(async () => {
  world = await openBotWorld();
});
afterEach(() => world.close());

const patience = 20_000;
/** People see within this that they were heard. */
const eyesWithinMs = 1000;

const hasEyes = ({ reactions }: FakeMessage) => reactions.some(({ emoji }) => emoji === "👀");
const typed = ({ id }: Pick<FakeChannel, "id">) => world.discord.typing.filter(({ channelId }) => channelId === id).length;
const isAnswered = (message: FakeMessage, channel: FakeChannel) =>
  world.discord.messages(channel).some(({ replyToId }) => replyToId === message.id);

/** A chat that says nothing before it is let go. */
function heldChat(): { chat: Chat; letGo: () => void } {
  const held = Promise.withResolvers<void>();
  const chat: Chat = {
    async reply({ text }) {
      await held.promise;
      return { text: `Said: ${text}`, picture: null, proposal: null, sources: [], suggestions: [], understood: true };
    },
  };
  return { chat, letGo: () => held.resolve() };
}

interface Talk {
  what: string;
  where: (ann: FakeUser) => FakeChannel;
  say: (ann: FakeUser) => Promise<FakeMessage>;
}

const general = () => world.guild.channel("general");
const config = { name: "run.yaml", content: "name: mine" };

/** Every way to be heard. */
const talks: Talk[] = [
  { what: "a mention", where: general, say: (ann) => ann.say(general(), "how is it going?", { mention: true }) },
  { what: "a direct message", where: (ann) => ann.direct, say: (ann) => ann.dm("how is it going?") },
  { what: "a file with a mention", where: general, say: (ann) => ann.say(general(), "", { mention: true, files: [config] }) },
  {
    what: "somebody without a role",
    where: general,
    say: () => world.discord.user({ name: "sam" }).say(general(), "hi", { mention: true }),
  },
  {
    what: "an answer to the bot",
    where: general,
    async say(ann) {
      const first = await ann.say(general(), "hello", { mention: true });
      const isIt = ({ replyToId }: FakeMessage) => replyToId === first.id;
      const replyTo = await world.discord.until("an answer", () => world.discord.messages(general()).find(isIt), patience);
      return ann.say(general(), "and then?", { replyTo });
    },
  },
];

describe("a message that is meant for the bot", () => {
  it.each(talks)("gets eyes within a second, and typing: $what", async ({ say, where }) => {
    await world.start();
    const ann = world.discord.user({ name: "ann", roles: ["trainers"] });
    const before = typed(where(ann));
    const message = await say(ann);
    const said = performance.now();
    await world.discord.until("eyes", () => hasEyes(message), patience);
    expect(performance.now() - said).toBeLessThan(eyesWithinMs);
    await world.discord.until("an answer", () => isAnswered(message, where(ann)), patience);
    expect(typed(where(ann))).toBeGreaterThan(before);
  });

  it("gets both before there is an answer, each of several that wait", async () => {
    const { chat, letGo } = heldChat();
    await world.start({ chat });
    const ann = world.discord.user({ name: "ann", roles: ["trainers"] });
    const bo = world.discord.user({ name: "bo", roles: ["watchers"] });
    const said = performance.now();
    const messages = [
      await ann.say(general(), "why m3?", { mention: true }),
      await bo.say(world.guild.channel("random"), "why m4?", { mention: true }),
      await bo.say(general(), "status", { mention: true }),
    ];
    await world.discord.until("eyes on each", () => messages.every(hasEyes), patience);
    expect(performance.now() - said).toBeLessThan(eyesWithinMs);
    await world.discord.until("typing", () => typed(general()) >= 2 && typed(world.guild.channel("random")) >= 1, patience);
    const places = [general(), world.guild.channel("random"), general()];
    expect(messages.map((message, index) => isAnswered(message, places[index] ?? general()))).toEqual([false, false, false]);
    letGo();
    for (const [index, message] of messages.entries()) {
      await world.discord.until("an answer", () => isAnswered(message, places[index] ?? general()), patience);
    }
  });

  it("is the only one that gets them", async () => {
    await world.start();
    const ann = world.discord.user({ name: "ann", roles: ["trainers"] });
    const random = world.guild.channel("random");
    const notMeant = await ann.say(random, "lunch?");
    const meant = await ann.say(general(), "status", { mention: true });
    await world.discord.until("an answer", () => isAnswered(meant, general()), patience);
    expect(notMeant.reactions).toEqual([]);
    expect(typed(random)).toBe(0);
  });
});
