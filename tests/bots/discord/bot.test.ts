import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requestApproval } from "#src/approval/request-approval.ts";
import { decideApproval } from "#src/approval/decide-approval.ts";
import { sampleEstimate } from "#tests/conformance/store/samples.ts";
import { openBotWorld, type BotWorld } from "./bot-world.ts";

let world: BotWorld;
beforeEach(async () => {
  world = await openBotWorld();
});
afterEach(() => world.close());

const patience = 20_000;

function ask(key = "key-of-the-question") {
  const { run, store } = world;
  const request = { runId: run.id, trial: null, batch: "baselines", key, estimate: sampleEstimate, why: "over 1 device-hour" };
  return requestApproval(store, request, new Date());
}

/** The run's thread, once it is open. */
const thread = () => world.discord.until("a thread", () => world.discord.threads(world.guild.channel("general"))[0], patience);

/** A message of the run's thread whose embed has these words. */
async function posted(words: string) {
  const place = await thread();
  const has = (text: string | undefined) => text?.includes(words) === true;
  return world.discord.until(
    `a message with ${words}`,
    () => world.discord.messages(place).find(({ embeds }) => embeds.some(({ title, description }) => has(title) || has(description))),
    patience,
  );
}

describe("the Discord bot", () => {
  it("opens one thread for a run with one status message, also after it was started again", async () => {
    const first = await world.start();
    await posted("Nothing is evaluated yet");
    await first.close();
    await world.start();
    await posted("Nothing is evaluated yet");
    await world.discord.until("a look", () => world.log.filter((line) => line.includes("connected")).length === 2, patience);
    expect(world.discord.threads(world.guild.channel("general"))).toHaveLength(1);
    expect(world.discord.messages(await thread()).filter(({ author }) => author.isBot)).toHaveLength(1);
  });

  it("reminds once of a question that expires soon, also after it was started again", async () => {
    await world.close();
    world = await openBotWorld({ approval: { over: { device_hours: 1 }, expires_hours: 0.5, remind_hours: 1 } });
    const { id } = await ask();
    const first = await world.start();
    await posted(`${id} still waits for an answer`);
    await first.close();
    await world.start();
    await world.discord.until("a look", () => world.log.filter((line) => line.includes("connected")).length === 2, patience);
    const reminders = world.discord
      .messages(await thread())
      .filter(({ embeds }) => embeds[0]?.description?.includes("still waits") === true);
    expect(reminders).toHaveLength(1);
  });

  it("writes its commands once: a second start writes none", async () => {
    const writes = () => world.discord.requests.filter(({ method, route }) => route.endsWith("/commands") && method !== "GET").length;
    await (await world.start()).close();
    const count = writes();
    expect(count).toBe(13);
    await world.start();
    expect(writes()).toBe(count);
  });

  it("lets an approver decide by a click, once, and rewrites the card for everyone", async () => {
    await ask();
    await world.start();
    const ann = world.discord.user({ name: "ann", roles: ["trainers"] });
    const bo = world.discord.user({ name: "bo", roles: ["trainers"] });
    const card = await posted("Approve the baselines?");
    // Somebody else has the card before them as it was.
    const customId = card.buttons.find(({ label }) => label === "Details")?.customId ?? "";
    const click = await ann.click(card, "Approve");
    await world.discord.until("an answer", () => click.messages.some(({ content }) => content.includes("is approved")), patience);
    const late = await bo.forge({ customId, message: card });
    await world.discord.until("an answer for the other", () => late.messages.some(({ content }) => content.includes("Details")), patience);
    await world.discord.until("the outcome", () => card.embeds[0]?.description?.includes("approved by ann"), patience);
    expect(card.buttons).toEqual([]);
    expect((await world.store.approvals.list(world.run.id))[0]).toMatchObject({ state: "approved", decidedBy: "ann" });
  });

  it("looks at the role of now: viewers, strangers and those who lost it change nothing", async () => {
    const { id } = await ask();
    await world.start();
    const card = await posted("Approve the baselines?");
    const vi = world.discord.user({ name: "vi", roles: ["watchers"] });
    const stranger = world.discord.user({ name: "sam" });
    const former = world.discord.user({ name: "fay", roles: ["trainers"] });
    former.takeRole("trainers");
    for (const [user, why] of [
      [vi, "may not decide"],
      [stranger, "has no role"],
      [former, "has no role"],
    ] as const) {
      const click = await user.click(card, "Approve");
      await world.discord.until(`a refusal for ${user.name}`, () => click.messages.some(({ content }) => content.includes(why)), patience);
    }
    expect((await world.store.approvals.find(id))?.state).toBe("pending");
  });

  it("refuses a click on a card whose question has changed since, and forged buttons", async () => {
    const { id } = await ask();
    await world.start();
    const card = await posted("Approve the baselines?");
    const ann = world.discord.user({ name: "ann", roles: ["trainers"] });
    for (const customId of [`t1:approve:${id}:otherkey0000`, "t1:approve:nobody-a1:", "approve", "t1:start:p1:"]) {
      const click = await ann.forge({ customId, message: card });
      await world.discord.until(`an answer to ${customId}`, () => click.messages.some(({ content }) => content !== ""), patience);
    }
    expect((await world.store.approvals.find(id))?.state).toBe("pending");
  });

  it("asks why in a form, and keeps the reason", async () => {
    const { id } = await ask();
    await world.start();
    const ann = world.discord.user({ name: "ann", roles: ["trainers"] });
    const { modal } = await ann.click(await posted("Approve the baselines?"), "Reject");
    if (modal === null) throw new Error("no form was opened");
    await ann.submit(modal, { reason: "we know them" });
    await expect
      .poll(() => world.store.approvals.find(id), { timeout: patience })
      .toMatchObject({ state: "rejected", reason: "we know them" });
  });

  it("shows what was decided elsewhere, while it was away too", async () => {
    const { id, key } = await ask();
    const first = await world.start();
    const card = await posted("Approve the baselines?");
    await first.close();
    await decideApproval(world.store, { id, key, to: "approved", by: "the terminal", role: "owner", reason: null });
    await world.start();
    await world.discord.until("the outcome", () => card.embeds[0]?.description?.includes("approved by the terminal"), patience);
  });

  it("moves what is open to the home channel when the run's thread is deleted", async () => {
    await ask();
    await world.start();
    const card = await posted("Approve the baselines?");
    const old = await thread();
    world.discord.removeChannel(old);
    const home = () => world.discord.threads(world.guild.channel("general")).filter(({ id }) => id !== old.id);
    const moved = await world.discord.until("a new thread", () => home()[0], patience);
    await world.discord.until(
      "the card",
      () => world.discord.messages(moved).find(({ embeds }) => embeds[0]?.title === card.embeds[0]?.title),
      patience,
    );
  });

  it("answers mentions, replies and direct messages with eyes at once, and stays silent otherwise", async () => {
    await ask();
    await world.start();
    const ann = world.discord.user({ name: "ann", roles: ["trainers"] });
    const card = await posted("Approve the baselines?");
    const place = await thread();
    await expect.poll(() => world.store.messages.ofMessage("discord", card.id), { timeout: patience }).not.toBeNull();
    await ann.say(place, "nothing for you");
    const mentioned = await ann.say(place, "what now?", { mention: true });
    const reply = await ann.say(place, "why this?", { replyTo: card });
    const direct = await ann.dm("hello *there* @everyone");
    for (const message of [mentioned, reply, direct]) {
      await world.discord.until("eyes", () => message.reactions.some(({ emoji }) => emoji === "👀"), patience);
      const channel = message.channelId;
      const isAnswer = (each: { replyToId: string | null }) => each.replyToId === message.id;
      const where = channel === place.id ? place : ann.direct;
      await world.discord.until("an answer", () => world.discord.messages(where).some(isAnswer), patience);
    }
    expect(world.asked.map(({ text }) => text).toSorted()).toEqual(["hello *there* @everyone", "what now?", "why this?"]);
    expect(world.asked.find(({ text }) => text === "why this?")).toMatchObject({ runId: world.run.id, replyTo: { kind: "approval" } });
    expect(world.discord.typing.length).toBeGreaterThan(0);
    expect(world.discord.messages(ann.direct).flatMap(({ pinged }) => pinged)).toEqual([]);
  });

  it("completes what of the catalogue may join a run, and the run", async () => {
    await world.start();
    const ann = world.discord.user({ name: "ann", roles: ["trainers"] });
    const values = async (options: Record<string, string>, focused: string) =>
      (await ann.autocomplete("run add", options, focused)).map(({ value }) => value);
    // The run has "base" and "math" already.
    expect(await values({ model: "" }, "model")).toEqual(["gemma"]);
    expect(await values({ dataset: "ex", run: world.run.id }, "dataset")).toEqual(["extra"]);
    expect(await values({ task: "" }, "task")).toEqual(["safety"]);
    expect(await values({ dataset: "extra", run: "scr" }, "run")).toEqual([world.run.id]);
    const stranger = world.discord.user({ name: "sam" });
    expect(await stranger.autocomplete("run add", { model: "" }, "model")).toEqual([]);
  });

  it("completes runs and refuses to answer commands of strangers", async () => {
    await world.start();
    const ann = world.discord.user({ name: "ann", roles: ["trainers"] });
    expect(await ann.autocomplete("run status", { run: "scr" }, "run")).toMatchObject([{ value: world.run.id }]);
    const shown = await ann.slash("run status");
    await world.discord.until("the status", () => shown.messages.some(({ content }) => content.includes("scripted is running")), patience);
    const paused = await ann.slash("run pause");
    await world.discord.until("the pause", () => paused.messages.some(({ content }) => content.includes("is paused")), patience);
    const stranger = world.discord.user({ name: "sam" });
    const refused = await stranger.slash("leaderboard");
    await world.discord.until("a refusal", () => refused.messages.some(({ content }) => content.includes("has no role")), patience);
    expect((await world.store.runs.find(world.run.id))?.state).toBe("paused");
  });
});
