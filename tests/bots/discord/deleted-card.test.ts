import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StoreCards } from "#bots/discord/store-cards.ts";
import { decideApproval } from "#src/approval/decide-approval.ts";
import { requestApproval } from "#src/approval/request-approval.ts";
import type { Approval } from "#src/store/store.ts";
import { sampleEstimate } from "#tests/conformance/store/samples.ts";
import type { FakeMessage, FakeUser } from "#tests/fake-discord/driver.ts";
import { openBotWorld, type BotWorld } from "./bot-world.ts";

let world: BotWorld;
let approval: Approval;
let ann: FakeUser;
beforeEach(async () => {
  world = await openBotWorld();
  approval = await ask();
  ann = world.discord.user({ name: "ann", roles: ["trainers"] });
});
afterEach(() => world.close());

const patience = 20_000;

function ask(batch = "baselines"): Promise<Approval> {
  const { run, store } = world;
  const request = { runId: run.id, trial: null, batch, key: `key-of-${batch}`, estimate: sampleEstimate, why: "over 1 device-hour" };
  return requestApproval(store, request, new Date());
}

/** The cards of the question that stand. */
function cards(): FakeMessage[] {
  const shown = world.discord.threads(world.guild.channel("general")).flatMap((thread) => world.discord.messages(thread));
  return shown.filter(({ embeds }) => embeds.some(({ footer }) => footer?.text.includes(approval.id) === true));
}

const noted = () => world.store.messages.find("discord", "approval", approval.id);
/** How often Discord took a card of it. */
function posts(): number {
  const taken = world.discord.requests.filter(({ route, status }) => route === "POST /channels/:channel/messages" && status === 200);
  return taken.filter(({ body }) => JSON.stringify(body).includes(`:${approval.id}:`)).length;
}

/** The card that stands, once its id is on record. */
async function card(): Promise<FakeMessage> {
  const shown = await world.discord.until("the card", () => cards()[0], patience);
  await expect.poll(async () => (await noted())?.message, { timeout: patience }).toBe(shown.id);
  return shown;
}

/** The keeper has looked at everything once more: a question that came later is shown. */
async function look(): Promise<void> {
  const mark = await ask("finalize");
  const shown = async () => (await world.store.messages.find("discord", "approval", mark.id))?.message ?? null;
  await expect.poll(shown, { timeout: patience }).not.toBeNull();
}

describe("a card whose message was deleted", () => {
  it("is posted again once, and can be answered there", async () => {
    await world.start();
    const first = await card();
    world.discord.removeMessage(first);
    await world.discord.until("a new card", () => cards().some(({ id }) => id !== first.id), patience);
    const second = await card();
    await look();
    expect(cards()).toEqual([second]);
    expect(posts()).toBe(2);
    await ann.click(second, "Approve");
    await world.discord.until("the decision", () => second.embeds[0]?.description?.includes("approved by ann") === true, patience);
  });

  it("is posted again when that happened while no bot was there, also when the next one is killed meanwhile", async () => {
    const bot = await world.start();
    const first = await card();
    await bot.close();
    world.discord.removeMessage(first);
    await (await world.start()).close();
    await world.start();
    const second = await card();
    expect(second.id).not.toBe(first.id);
    await look();
    expect(cards()).toEqual([second]);
    expect(posts()).toBe(2);
  });

  it("is posted again when that is found out by an edit", async () => {
    await world.close();
    world = await openBotWorld({ approval: { over: { device_hours: 1 }, two_approvers_over: { device_hours: 0.01 } } });
    const { store } = world;
    approval = await ask();
    const began = Date.now();
    // A clock that runs a hundred times as fast: nobody waits for the seconds between two edits of a message.
    const now = () => new Date(began + (Date.now() - began) * 100);
    const source = new StoreCards({ store, now, replan: () => Promise.reject(new Error("this test plans nothing")) });
    const bot = await world.start({ source, desk: { ...world.desk, now } });
    const first = await card();
    await bot.close();
    world.discord.removeMessage(first);
    // The bot that starts does not get to look, and hears of no deletion.
    world.discord.breakRoute("GET /channels/:id/messages/:id", 50, 500);
    await world.start({ source, desk: { ...world.desk, now } });
    expect(cards()).toEqual([]);
    await decideApproval(store, { id: approval.id, to: "approved", by: "bo", role: "approver", reason: null });
    const second = await card();
    expect(second.embeds[0]?.fields?.find(({ name }) => name === "Yes so far")?.value).toBe("bo");
    expect(posts()).toBe(2);
  });

  it("stays away when the second is deleted too: somebody means it", async () => {
    await world.start();
    const first = await card();
    world.discord.removeMessage(first);
    await world.discord.until("a new card", () => cards().some(({ id }) => id !== first.id), patience);
    world.discord.removeMessage(await card());
    await look();
    expect(cards()).toEqual([]);
    expect(posts()).toBe(2);
    expect((await world.store.approvals.find(approval.id))?.state).toBe("pending");
  });

  it("stays away when the question was answered already", async () => {
    await world.start();
    const first = await card();
    await ann.click(first, "Approve");
    await world.discord.until("the decision", () => first.embeds[0]?.description?.includes("approved by ann") === true, patience);
    world.discord.removeMessage(first);
    await look();
    expect(cards()).toEqual([]);
    expect(posts()).toBe(1);
  });
});
