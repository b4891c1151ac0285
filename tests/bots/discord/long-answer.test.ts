import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startBot } from "#bench/discord/start-bot.ts";
import type { Chat } from "#graphs/chat/chat.ts";
import type { MessageStore } from "#src/store/messages.ts";
import type { FakeMessage, FakeUser } from "#tests/fake-discord/driver.ts";
import { openBotWorld, type BotWorld } from "./bot-world.ts";

let world: BotWorld;
let ann: FakeUser;
beforeEach(async () => {
  world = await openBotWorld();
  ann = world.discord.user({ name: "ann", roles: ["trainers"] });
});
afterEach(() => world.close());

const patience = 30_000;
const minuteMs = 60_000;

/** Three messages of words, no two alike. */
const long = Array.from({ length: 700 }, (_, index) => `word${index}`).join(" ");
/** Says it, and writes down how often it was asked. */
function longChat(asked: string[] = []): Chat {
  return {
    async reply({ text }) {
      asked.push(text);
      return { text: long, picture: null, proposal: null, sources: [], suggestions: [], understood: true };
    },
  };
}

const general = () => world.guild.channel("general");
const wordsOf = ({ content }: FakeMessage) => content.split(/\s+/);
/** What the bot said in words after a message, in the order in which it stands there. */
const saidAfter = ({ id }: FakeMessage) =>
  world.discord.messages(general()).filter((each) => each.author.isBot && /word\d/.test(each.content) && BigInt(each.id) > BigInt(id));
const posts = () =>
  world.discord.requests.filter(({ route, body }) => route === "POST /channels/:channel/messages" && JSON.stringify(body).includes("word"));

type Stop = (call: "reserve" | "update", subject: string, patch: Parameters<MessageStore["update"]>[1]) => boolean;

/** The store of a process that stands still for good at some call for an answer. */
function stoppedAt(isStop: Stop): { store: BotWorld["store"]; stopped: Promise<void> } {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  const { messages } = world.store;
  const never = async () => {
    stop();
    return new Promise<never>(() => undefined);
  };
  const held: MessageStore = {
    ...messages,
    reserve: (message) => (message.kind === "reply" && isStop("reserve", message.subject, {}) ? never() : messages.reserve(message)),
    update: (subject, patch) =>
      subject.kind === "reply" && isStop("update", subject.subject, patch) ? never() : messages.update(subject, patch),
  };
  return { store: { ...world.store, messages: held }, stopped };
}

const stops: { when: string; isStop: Stop; isAskedAgain: boolean }[] = [
  { when: "before its answer is on record", isStop: (_, __, { answer }) => answer !== undefined && answer !== null, isAskedAgain: true },
  {
    when: "before it is known to have posted the first",
    isStop: (_, subject, patch) => !subject.includes(":") && "message" in patch,
    isAskedAgain: false,
  },
  {
    when: "between the first and the second",
    isStop: (call, subject) => call === "reserve" && subject.endsWith(":1"),
    isAskedAgain: false,
  },
  {
    when: "before it is known to have posted the second",
    isStop: (_, subject, patch) => subject.endsWith(":1") && "message" in patch,
    isAskedAgain: false,
  },
  {
    when: "between the second and the third",
    isStop: (call, subject) => call === "reserve" && subject.endsWith(":2"),
    isAskedAgain: false,
  },
  { when: "before the answer is known to be whole", isStop: (_, __, { answer }) => answer === null, isAskedAgain: false },
];

describe("an answer of several messages, of a bot that dies", () => {
  const cases = stops.flatMap((stop) => [0, 10].map((minutes) => ({ ...stop, minutes })));
  it.each(cases)("is whole, each part once, after $minutes minutes: $when", async ({ isStop, isAskedAgain, minutes }) => {
    const { store, stopped } = stoppedAt(isStop);
    const asked: string[] = [];
    const first = await world.start({ desk: { ...world.desk, store }, chat: longChat(asked) });
    const question = await ann.say(general(), "tell me all", { mention: true });
    await stopped;
    await first.close();
    const later = () => new Date(Date.now() + minutes * minuteMs);
    await world.start({ desk: { ...world.desk, now: later }, chat: longChat(asked) });
    await expect
      .poll(() => world.store.messages.find("discord", "reply", question.id), { timeout: patience })
      .toMatchObject({ state: "settled", answer: null });
    const said = saidAfter(question);
    expect(said).toHaveLength(3);
    expect(said.flatMap(wordsOf)).toEqual(long.split(" "));
    expect(said.map(({ replyToId }) => replyToId)).toEqual([question.id, null, null]);
    expect(asked).toHaveLength(isAskedAgain ? 2 : 1);
    // Later, Discord has forgotten the nonce: nothing may even be tried twice.
    if (minutes > 0) expect(posts()).toHaveLength(3);
  });

  it("is whole, each part once, when the process is killed after its first message", async () => {
    const root = fileURLToPath(new URL("../../..", import.meta.url));
    const { home, discord, guild } = world;
    const settings = { home, api: discord.api, token: discord.token, guild: guild.id, channel: general().id, answer: long };
    let bot = startBot(root, settings);
    try {
      await bot.ready;
      const question = await ann.say(general(), "tell me all", { mention: true });
      await discord.until("the first message", () => saidAfter(question)[0], patience);
      await bot.kill();
      bot = startBot(root, settings);
      await bot.ready;
      await expect
        .poll(() => world.store.messages.find("discord", "reply", question.id), { timeout: patience })
        .toMatchObject({ state: "settled" });
      expect(saidAfter(question).flatMap(wordsOf)).toEqual(long.split(" "));
    } finally {
      await bot.kill();
    }
  });

  it("gives a second answer of the same words its own messages", async () => {
    const { store, stopped } = stoppedAt((call, subject) => call === "reserve" && subject.endsWith(":2"));
    const first = await world.start({ chat: longChat() });
    const before = await ann.say(general(), "tell me all", { mention: true });
    await world.discord.until("the answer", () => saidAfter(before).length === 3, patience);
    await first.close();
    const second = await world.start({ desk: { ...world.desk, store }, chat: longChat() });
    const again = await ann.say(general(), "tell me all, once more", { mention: true });
    await stopped;
    await second.close();
    await world.start({ desk: { ...world.desk, now: () => new Date(Date.now() + 10 * minuteMs) } });
    await world.discord.until("the rest", () => saidAfter(again).length === 3, patience);
    expect(saidAfter(again).flatMap(wordsOf)).toEqual(long.split(" "));
  });
});
