import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MemorySaver } from "@langchain/langgraph";
import { createChat } from "#graphs/chat/index.ts";
import { StoreCards } from "#bots/discord/store-cards.ts";
import { requestApproval } from "#src/approval/request-approval.ts";
import { createRun } from "#src/service/create-run.ts";
import type { Approval, Run } from "#src/store/store.ts";
import { sampleEstimate } from "#tests/conformance/store/samples.ts";
import type { FakeChannel, FakeGuild, FakeInteraction, FakeMessage, FakeUser } from "#tests/fake-discord/driver.ts";
import { preparedObjects, scriptedConfig } from "#tests/graphs/scripted-world.ts";
import { openBotWorld, type BotWorld } from "./bot-world.ts";

const patience = 20_000;
const now = () => new Date();

/** A server with a run of its own and somebody who decides there. */
interface Side {
  guild: FakeGuild;
  run: Run;
  approval: Approval;
  approver: FakeUser;
  thread: FakeChannel;
}

let world: BotWorld;
let lab: Side;
let shop: Side;

async function ask(run: Run, key: string): Promise<Approval> {
  const request = { runId: run.id, trial: null, batch: "baselines", key, estimate: sampleEstimate, why: "over 1 device-hour" };
  return requestApproval(world.store, request, now());
}

/** The run of the shop was started by a plan that stands there. */
async function runOfShop(guild: FakeGuild): Promise<Run> {
  const { store, home } = world;
  const config = scriptedConfig({ name: "sales" });
  const run = await createRun(store, { config, prepared: preparedObjects(config, home), now: now() });
  const channel = guild.channel("offers").id;
  const plan = { platform: "discord", kind: "proposal", subject: "p1", runId: run.id, channel, nonce: "plan-of-sales" } as const;
  await store.messages.reserve(plan);
  const starter = world.discord.user({ name: "starter", guild });
  await store.messages.update(plan, { message: (await starter.say(guild.channel("offers"), "the plan")).id, state: "settled" });
  return run;
}

async function threadOf(guild: FakeGuild, channel: string): Promise<FakeChannel> {
  return world.discord.until(`a thread in ${guild.name}`, () => world.discord.threads(guild.channel(channel))[0], patience);
}

const seenIn = (channel: FakeChannel) =>
  world.discord
    .messages(channel)
    .map(({ content, embeds }) => `${content} ${JSON.stringify(embeds)}`)
    .join("\n");

const cardIn = ({ thread, approval }: Side): Promise<FakeMessage> =>
  world.discord.until(
    `the card of ${approval.id}`,
    () => world.discord.messages(thread).find(({ buttons }) => buttons.some(({ customId }) => customId?.includes(approval.id) === true)),
    patience,
  );

/** What the person is told in the end. */
async function told(interaction: FakeInteraction): Promise<string> {
  const last = () => interaction.messages.find(({ isPending, content }) => !isPending && content !== "");
  return (await world.discord.until(`an answer to ${interaction.what}`, last, patience)).content;
}

async function answerTo(message: FakeMessage, channel: FakeChannel): Promise<string> {
  const found = () => world.discord.messages(channel).find(({ replyToId }) => replyToId === message.id);
  return (await world.discord.until(`the answer to ${message.content}`, found, patience)).content;
}

const stateOf = async ({ approval }: Side) => (await world.store.approvals.find(approval.id))?.state;

beforeEach(async () => {
  world = await openBotWorld();
  const { discord, store, desk, guild } = world;
  const other = discord.guild({ name: "shop", roles: ["sellers", "watchers"], channels: ["offers", "general"] });
  const sales = await runOfShop(other);
  const chat = createChat({
    store,
    now,
    llm: null,
    proposals: null,
    readLog: null,
    env: {},
    timeZone: "UTC",
    startedAt: now(),
    checkpointer: new MemorySaver(),
  });
  const approvals = [await ask(world.run, "key-of-the-lab"), await ask(sales, "key-of-the-shop")] as const;
  await world.start({
    chat,
    desk,
    source: new StoreCards({ store, now, replan: () => Promise.reject(new Error("this test plans nothing")) }),
    roleOf: ({ guild: id, roleNames }) => {
      if (roleNames.includes(id === guild.id ? "trainers" : "sellers")) return "approver";
      return roleNames.includes("watchers") ? "viewer" : null;
    },
    guilds: [guild.id, other.id],
    homeChannels: [
      { guild: guild.id, channel: "general" },
      { guild: other.id, channel: "general" },
    ],
  });
  const ann = discord.user({ name: "ann", roles: ["trainers"], guild });
  const sue = discord.user({ name: "sue", roles: ["sellers"], guild: other });
  lab = { guild, run: world.run, approval: approvals[0], approver: ann, thread: await threadOf(guild, "general") };
  shop = { guild: other, run: sales, approval: approvals[1], approver: sue, thread: await threadOf(other, "offers") };
});
afterEach(() => world.close());

describe("a bot in two servers", () => {
  it("shows each run in its own server and nowhere else", async () => {
    await cardIn(lab);
    await cardIn(shop);
    expect(seenIn(lab.thread)).not.toContain("sales");
    expect(seenIn(shop.thread)).not.toContain("scripted");
    expect(world.discord.threads(shop.guild.channel("general"))).toEqual([]);
    expect(world.discord.threads(lab.guild.channel("general"))).toHaveLength(1);
  });

  it("serves both at once, each with the run of its own", async () => {
    const [inLab, inShop] = await Promise.all([lab.approver.slash("run status"), shop.approver.slash("run status")]);
    const [ofLab, ofShop] = await Promise.all([told(inLab), told(inShop)]);
    expect([ofLab, ofShop]).toEqual([expect.stringContaining("scripted is running"), expect.stringContaining("sales is running")]);
    const [labCard, shopCard] = [await cardIn(lab), await cardIn(shop)];
    const clicks = await Promise.all([lab.approver.click(labCard, "Approve"), shop.approver.click(shopCard, "Approve")]);
    for (const text of await Promise.all(clicks.map(told))) expect(text).toContain("is approved");
    expect([await stateOf(lab), await stateOf(shop)]).toEqual(["approved", "approved"]);
  });

  it.each([
    ["/approve by its id", () => shop.approver.slash("approve", { which: lab.approval.id, run: lab.run.id })],
    ["/approve in the other run", () => shop.approver.slash("approve", { which: lab.approval.id })],
    ["/run stop by name", () => shop.approver.slash("run stop", { run: "scripted", now: true })],
    ["/run pause by id", () => shop.approver.slash("run pause", { run: lab.run.id })],
    ["/leaderboard", () => shop.approver.slash("leaderboard", { run: lab.run.id })],
    ["/recipe", () => shop.approver.slash("recipe", { run: lab.run.id })],
  ])("lets nobody act on or look at the run of another server: %s", async (_, act) => {
    expect(await told(await act())).toMatch(/There is no run|has no approval/);
    expect(await stateOf(lab)).toBe("pending");
    expect((await world.store.runs.find(lab.run.id))?.state).toBe("running");
  });

  it.each(["approve", "reject", "edit", "details"])(
    "decides nothing and shows nothing by the id of another server's card: %s",
    async (action) => {
      const card = await cardIn(shop);
      const customId = `t1:${action}:${lab.approval.id}:${lab.approval.key.slice(0, 12)}`;
      const click = await shop.approver.forge({ customId, message: card, channel: shop.thread, guild: shop.guild });
      const answered = click.modal === null ? click : await shop.approver.submit(click.modal, { reason: "no" });
      expect(await told(answered)).toContain("here: it belongs to another server");
      expect(await stateOf(lab)).toBe("pending");
    },
  );

  it("lists, completes and speaks of runs of the own server only", async () => {
    expect(await told(await shop.approver.slash("run list"))).not.toContain("scripted");
    expect(await shop.approver.autocomplete("run status", { run: "" }, "run")).toMatchObject([{ value: shop.run.id }]);
    expect(await shop.approver.autocomplete("approve", { which: "", run: lab.run.id }, "which")).toEqual([]);
    const general = shop.guild.channel("general");
    const listed = await answerTo(await shop.approver.say(general, "runs", { mention: true }), general);
    expect(listed).toContain("sales.1");
    expect(listed).not.toContain("scripted");
    const asked = await answerTo(await shop.approver.say(general, "status of scripted.1", { mention: true }), general);
    expect(asked).not.toContain("scripted");
  });

  it("gives a direct message the runs of the servers where the person has their strongest role", async () => {
    world.discord.join(shop.approver, lab.guild, ["watchers"]);
    const { direct } = shop.approver;
    expect(await answerTo(await shop.approver.dm("runs"), direct)).not.toContain("scripted");
    const approve = await shop.approver.slash("approve", { which: lab.approval.id, run: lab.run.id }, { channel: direct });
    expect(await told(approve)).toContain("There is no run");
    shop.approver.giveRole("trainers", lab.guild);
    const listed = await answerTo(await shop.approver.dm("runs"), direct);
    expect(listed).toContain("scripted");
    expect(listed).toContain("sales");
  });

  it("moves what is open to the home channel of the same server when its thread is deleted", async () => {
    await cardIn(shop);
    world.discord.removeChannel(shop.thread);
    const moved = await threadOf(shop.guild, "general");
    await cardIn({ ...shop, thread: moved });
    expect(world.discord.threads(lab.guild.channel("general"))).toHaveLength(1);
    expect(seenIn(lab.thread)).not.toContain("sales");
  });
});
