import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createProposalDesk } from "#bots/chat/create-proposal-desk.ts";
import type { ChatOptions } from "#graphs/chat/index.ts";
import type { Person } from "#src/approval/person.ts";
import { proposalCard } from "#src/card/proposal-card.ts";
import { decideProposal } from "#src/proposal/decide-proposal.ts";
import type { RecordedRun } from "#tests/fixtures/recorded-run.ts";
import { actions, askedAt, openChat, said, tellRun } from "#tests/graphs/chat/told-run.ts";
import { type ScriptedServer, startScriptedOpenai } from "#tests/scripted-openai/server.ts";

const operator: Person = { platform: "discord", id: "7", name: "ana", role: "operator" };
const viewer: Person = { ...operator, id: "8", name: "eve", role: "viewer" };

const now = () => askedAt;

describe("wishes that are said in words", () => {
  let recorded: RecordedRun;
  let server: ScriptedServer | null = null;
  beforeEach(async () => {
    recorded = await tellRun();
  });
  afterEach(async () => {
    await recorded.close();
    await server?.close();
    server = null;
  });

  const caps = { trials: 50, usd_per_device_hour: 0 };
  const desk = () => createProposalDesk({ store: recorded.store, caps, timeZone: "Europe/Berlin", now, start: null, extend: null });
  const open = (parts: Partial<ChatOptions> = {}) => openChat(recorded, { proposals: desk(), ...parts });
  const say = async (text: string, person = operator) => open().reply(said(text, { person, runId: recorded.run.id }));
  const stateOf = async () => (await recorded.store.runs.find(recorded.run.id))?.state;
  const confirm = (id: string | null) => decideProposal(recorded.store, { id: id ?? "", to: "confirmed", person: operator, now: now() });

  async function cardOf(id: string | null) {
    const proposal = await recorded.store.proposals.find(id ?? "");
    if (proposal === null) throw new Error("no proposal was made");
    return proposalCard(proposal, recorded.run);
  }

  it.each([
    ["pause", "running", "Pause skills?", "paused"],
    ["hold the run for now", "running", "Pause skills?", "paused"],
    ["please resume", "paused", "Resume skills?", "running"],
    ["stop the run", "running", "Stop skills?", "stopping"],
    ["call it a day", "paused", "Stop skills?", "stopping"],
  ] as const)("puts %j on a card with buttons, and does it once it is confirmed", async (text, from, title, to) => {
    await recorded.store.runs.setState(recorded.run.id, ["running"], from, "for the test");
    const { proposal } = await say(text);
    const card = await cardOf(proposal);
    expect(card).toMatchObject({ title, state: "open" });
    expect(card.buttons.map(({ label }) => label)).toEqual(["Confirm", "Cancel"]);
    expect(await stateOf()).toBe(from);
    await confirm(proposal);
    expect(await stateOf()).toBe(to);
  });

  it("puts the end of a trial on a card, and tells the conductor once it is confirmed", async () => {
    const { store, run } = recorded;
    const trial = await recorded.select({ ...actions.finish, seed: 1 });
    const { proposal, text } = await say(`cancel trial ${trial}`);
    expect(text).toContain(`Trial ${trial} of skills would be cancelled`);
    expect((await cardOf(proposal)).title).toBe(`Cancel trial ${trial} of skills?`);
    expect(await store.commands.take(run.id)).toEqual([]);
    await confirm(proposal);
    expect(await store.commands.take(run.id)).toMatchObject([{ kind: "cancel-trial", author: "ana", fields: { trial } }]);
  });

  it.each([
    ["resume", "skills is running: only a run that is paused, stopping, stopped or failed can be resumed."],
    ["cancel trial 3", "Trial 3 of skills is done: there is nothing to cancel."],
    ["cancel trial 77", "skills has no trial 77."],
    [
      "give it 20 more device-hours",
      'skills has no limit in device-hours, so there is nothing to add 20.0 device-hours to. To set one: "set the budget to 20.0 device-hours".',
    ],
    ["give it 20 more trials", "budget.trials: 60 is above the owner's limit of 50"],
    ["start a run on three-skills", "Here a run starts from its file"],
  ])("says at once why %j cannot be", async (text, why) => {
    const reply = await say(text);
    expect(reply.text.replaceAll("\\", "")).toContain(why);
    expect(reply.proposal).toBeNull();
  });

  it.each(["pause", "stop", "cancel trial 3"])("takes %j from nobody who may only look", async (text) => {
    expect(await say(text, viewer)).toMatchObject({ proposal: null, text: expect.stringContaining("takes the role of an operator") });
  });

  it("reads hours in the zone of who runs it", async () => {
    const { proposal } = await say("no run over 2 GPU-hours at night");
    expect((await recorded.store.proposals.find(proposal ?? ""))?.body).toMatchObject({ wish: { timeZone: "Europe/Berlin" } });
  });

  it("lets a language model put a pause on a card, and no more", async () => {
    server = await startScriptedOpenai((_, number) =>
      number === 0 ? { kind: "tools", calls: [{ name: "propose", input: { wish: "pause" } }] } : { kind: "text", text: "It is paused." },
    );
    const llm = { model: "scripted", base_url: server.baseUrl, api_key_env: "NONE", temperature: 0, timeout_seconds: 20, max_tokens: 500 };
    const reply = await open({ llm }).reply(said("the cluster is needed for something else, let it rest", { person: operator }));
    expect((await cardOf(reply.proposal)).title).toBe("Pause skills?");
    expect(reply.text).toContain("Nothing changes until it is confirmed on the card");
    expect(await stateOf()).toBe("running");
  });
});
