import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StoreCards } from "#bots/discord/store-cards.ts";
import { decideApproval } from "#src/approval/decide-approval.ts";
import { requestApproval } from "#src/approval/request-approval.ts";
import { sampleEstimate, sampleTrial } from "#tests/conformance/store/samples.ts";
import { openBotWorld, type BotWorld } from "./bot-world.ts";

let world: BotWorld;
beforeEach(async () => {
  world = await openBotWorld();
});
afterEach(() => world.close());

const patience = 20_000;

/** A clock that runs a hundred times as fast: nobody waits for the seconds between two edits of a message. */
const began = Date.now();
const now = () => new Date(began + (Date.now() - began) * 100);

function start() {
  const { store, desk } = world;
  const source = new StoreCards({ store, now, replan: () => Promise.reject(new Error("this test plans nothing")) });
  return world.start({ source, desk: { ...desk, now } });
}

describe("the card of an approved trial in Discord", () => {
  it("gets its outcome in the same message, also when the bot was away while the trial ended", async () => {
    const { discord, guild, run, store } = world;
    const trial = await store.trials.create(sampleTrial("k1", { runId: run.id }));
    const request = {
      runId: run.id,
      trial: trial?.number ?? 0,
      batch: null,
      key: "k1",
      estimate: sampleEstimate,
      why: "over 1 device-hour",
    };
    const { id } = await requestApproval(store, request, new Date());
    const first = await start();
    const thread = await discord.until("a thread", () => discord.threads(guild.channel("general"))[0], patience);
    const isCard = ({ embeds }: { embeds: readonly { footer?: { text: string } | undefined }[] }) =>
      embeds.some(({ footer }) => footer?.text.endsWith(id) === true);
    const card = await discord.until("the card", () => discord.messages(thread).find(isCard), patience);
    await decideApproval(store, { id, to: "approved", by: "ann", role: "approver", reason: null });
    await discord.until("the decision", () => card.embeds[0]?.description?.includes("Approved by ann") === true, patience);
    expect(await store.messages.find("discord", "approval", id)).toMatchObject({ state: "open" });
    await first.close();
    await store.trials.update(run.id, 1, {
      state: "failed",
      failure: "out_of_memory",
      detail: "peak 79 GiB",
      endedAt: new Date().toISOString(),
    });
    await start();
    const outcome = () => card.embeds[0]?.fields?.find(({ name }) => name === "What came of it")?.value;
    await discord.until("the outcome", () => outcome() !== undefined, patience);
    expect(outcome()).toContain("Failed: out of memory (peak 79 GiB)");
    await expect.poll(() => store.messages.find("discord", "approval", id), { timeout: patience }).toMatchObject({ state: "settled" });
    expect(discord.messages(thread).filter(isCard)).toHaveLength(1);
  });
});

describe("the card of an approved batch in Discord", () => {
  it("gets its outcome in the same message once the run is over, and asks for a finished run too", async () => {
    const { discord, guild, run, store } = world;
    const ask = (batch: string) =>
      requestApproval(store, { runId: run.id, trial: null, batch, key: `k-${batch}`, estimate: sampleEstimate, why: "dear" }, new Date());
    const { id } = await ask("baselines");
    await start();
    const thread = await discord.until("a thread", () => discord.threads(guild.channel("general"))[0], patience);
    const cardOf = (subject: string) =>
      discord.until(
        `the card of ${subject}`,
        () => discord.messages(thread).find(({ embeds }) => embeds[0]?.footer?.text.endsWith(subject) === true),
        patience,
      );
    const card = await cardOf(id);
    await decideApproval(store, { id, to: "approved", by: "ann", role: "approver", reason: null });
    await discord.until("the decision", () => card.embeds[0]?.description?.includes("Approved by ann") === true, patience);
    await store.runs.setState(run.id, ["running"], "finished", "the budget is used");
    const outcome = () => card.embeds[0]?.fields?.find(({ name }) => name === "What came of it")?.value;
    await discord.until("the outcome", () => outcome() !== undefined, patience);
    expect(outcome()).toContain("Nothing of it was started");
    await expect.poll(() => store.messages.find("discord", "thread", run.id), { timeout: patience }).toMatchObject({ state: "settled" });
    const last = await ask("finalize");
    expect((await cardOf(last.id)).embeds[0]?.title).toContain("Approve finalize?");
  });
});
