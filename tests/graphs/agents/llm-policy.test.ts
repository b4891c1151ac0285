import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAgents } from "#graphs/agents/create-agents.ts";
import type { Agents } from "#graphs/agents/agents.ts";
import type { ObservedTrial } from "#src/policy/policy.ts";
import { createRng } from "#src/policy/rng.ts";
import { openStore } from "#src/store/open-store.ts";
import type { Store } from "#src/store/store.ts";
import { startScriptedOpenai, type CompletionRequest, type ScriptedAnswer, type ScriptedServer } from "#tests/scripted-openai/server.ts";
import { smallConfig, smallView } from "./small-view.ts";

let home: string;
let store: Store;
let server: ScriptedServer;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "temper-llm-policy-"));
  store = await openStore({ home });
});

afterEach(async () => {
  await server.close();
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

const isTypeCall = (request: CompletionRequest) => request.response_format?.json_schema.name === "action_type";
const sft: ScriptedAnswer = { kind: "json", value: { reason: "math is weak", action_type: "sft" } };
const objects = (value: object): ScriptedAnswer => ({
  kind: "json",
  value: { reason: "the best model", candidate: null, models: [], datasets: [], setting: null, ...value },
});

/** Agents whose endpoint answers the type call with SFT, and the objects call with these answers in turn (the last repeats). */
async function agentsAnswering(
  policy: "llm" | "hybrid",
  ...answers: ScriptedAnswer[]
): Promise<{ agents: Agents; config: ReturnType<typeof smallConfig> }> {
  let asked = 0;
  server = await startScriptedOpenai((request) => {
    if (isTypeCall(request)) return sft;
    return answers[Math.min(asked++, answers.length - 1)] ?? { kind: "status", status: 400 };
  });
  const config = smallConfig(server.baseUrl, { policy });
  const createdAt = new Date(0).toISOString();
  await store.runs.create({
    id: "r",
    name: "small",
    state: "running",
    stateReason: "",
    config,
    tasks: [],
    seed: 0,
    createdAt,
    endedAt: null,
    finalOpenedAt: null,
  });
  const agents = createAgents({ config, store, runId: "r", env: {}, now: () => new Date(0) });
  if (agents === null) throw new Error("the config has an llm section");
  return { agents, config };
}

/** The store, with or without the notes on its decisions. */
function noted(inner: Store, hasNotes: boolean): Store {
  const list: Store["decisions"]["list"] = async (runId) =>
    (await inner.decisions.list(runId)).map((decision) => ({
      ...decision,
      proposal: { ...decision.proposal, notes: hasNotes ? decision.proposal.notes : [] },
    }));
  return { ...inner, decisions: { ...inner.decisions, list } };
}

describe("the selector as a language model", () => {
  it("asks for the type first and then for all objects at once", async () => {
    const { agents, config } = await agentsAnswering("llm", objects({ models: ["m1"], datasets: ["trivia"], setting: "s1" }));
    const proposal = await agents.policy.propose(smallView(config), createRng(0));
    expect(proposal).toMatchObject({
      chosenBy: "llm",
      reason: "the best model",
      action: { type: "sft", models: ["m1"], datasets: ["trivia"] },
    });
    expect(server.requests.map((request) => request.response_format?.json_schema.name)).toEqual(["action_type", "objects"]);
    expect(server.requests[1]?.messages.at(-1)?.content).toContain("m1: mean 0.600");
  });

  it("says what was wrong and asks again", async () => {
    const { agents, config } = await agentsAnswering(
      "llm",
      objects({ models: ["m99"], datasets: ["trivia"], setting: "s1" }),
      objects({ models: ["m1"], datasets: ["trivia"], setting: "s1" }),
    );
    const proposal = await agents.policy.propose(smallView(config), createRng(0));
    expect(proposal).toMatchObject({ chosenBy: "llm", action: { models: ["m1"] } });
    expect(proposal?.notes).toEqual([{ kind: "llm-fault", detail: "selector: unknown_id: there is no m99 in the pool; asked again" }]);
    expect(server.requests.at(-1)?.messages.at(-1)?.content).toContain("there is no m99 in the pool");
  });

  it("wants a model below its base to be named in the reason", async () => {
    const fallen = { models: ["m2"], datasets: ["math"], setting: "s1" };
    const reason = "m2 alone knows trivia, and math comes back";
    const { agents, config } = await agentsAnswering("llm", objects(fallen), objects({ ...fallen, reason }));
    const view = smallView(config);
    view.scores = new Map([...view.scores, ["m2", { math: 0.1 }]]);
    const proposal = await agents.policy.propose(view, createRng(0));
    expect(proposal).toMatchObject({ chosenBy: "llm", reason, action: { models: ["m2"] } });
    expect(server.requests[1]?.messages.at(-1)?.content).toContain("1 steps from a base; BELOW ITS BASE");
    expect(proposal?.notes[0]?.detail).toContain("m2 (.100) is below its base m0 (.300): take another model, or name it in your reason");
  });

  it("refuses a repeat and lets the optimiser decide when it is proposed again and again", async () => {
    const { agents, config } = await agentsAnswering("llm", objects({ models: ["m1"], datasets: ["math"], setting: "s1" }));
    const view = smallView(config);
    for (const action of Array.from(view.space.iterate("sft")))
      if (action.models[0] === "m1" && action.datasets[0] === "math") view.space.claim(action);
    const proposal = await agents.policy.propose(view, createRng(0));
    expect(proposal?.chosenBy).toBe("lookahead");
    expect(proposal === null ? null : view.space.check(proposal.action)).toEqual({ valid: true });
    expect(proposal?.notes.at(-1)?.detail).toMatch(/the lookahead policy decided instead/);
  });

  it.each<[string, ScriptedAnswer]>([
    ["a refusal", { kind: "refusal", text: "no" }],
    ["truncated JSON", { kind: "text", text: '{"reason": "x', finishReason: "length" }],
    ["a wrong schema", { kind: "json", value: { model: "m1" } }],
    ["an empty answer", { kind: "text", text: "" }],
    ["a hang", { kind: "hang" }],
  ])("falls back to the optimiser on %s", async (_, answer) => {
    const { agents, config } = await agentsAnswering("hybrid", answer);
    const proposal = await agents.policy.propose(smallView(config), createRng(0));
    expect(proposal?.chosenBy).toBe("lookahead");
    expect(proposal?.notes[0]).toMatchObject({ kind: "llm-fault" });
  });

  it("shows the optimiser's short list in an order that the seed fixes, and records it", async () => {
    const { agents, config } = await agentsAnswering("hybrid", objects({ candidate: "c1" }));
    const view = smallView(config, 4);
    for (const trial of view.trials) agents.policy.observe(trial, view);
    const first = await agents.policy.propose(view, createRng(7));
    const again = await agents.policy.propose(view, createRng(7));
    expect(first?.shownOrder?.length).toBeGreaterThan(1);
    expect(again).toEqual(first);
    expect(first?.action).toEqual(first?.candidates[first.shownOrder?.[0] ?? -1]?.action);
  });

  it("closes the quota of overrides", async () => {
    const { agents, config } = await agentsAnswering("hybrid", objects({ models: ["m1"], datasets: ["trivia"], setting: "s1" }));
    const choosers = [];
    for (let decision = 1; decision <= 8; decision++)
      choosers.push((await agents.policy.propose(smallView(config, decision), createRng(decision)))?.chosenBy);
    expect(choosers.filter((chooser) => chooser === "llm")).toHaveLength(2);
  });

  it("lets the optimiser's choice stand while the quota is closed, and says what the model wanted", async () => {
    const { agents, config } = await agentsAnswering("hybrid", objects({ candidate: "c2" }), objects({ candidate: "c1" }));
    const view = smallView(config, 2);
    for (const trial of view.trials) agents.policy.observe(trial, view);
    const proposals = [await agents.policy.propose(view, createRng(7)), await agents.policy.propose(view, createRng(7))];
    expect(proposals.map((proposal) => proposal?.action)).toEqual([proposals[0]?.action, proposals[0]?.action]);
    const wanted = proposals.flatMap((proposal) => proposal?.notes ?? []).filter(({ kind }) => kind === "llm-overrule");
    expect(wanted.length).toBeGreaterThanOrEqual(1);
    expect(wanted[0]?.detail).toMatch(/the model wanted SFT .*30 % of the decisions/);
  });

  it("keeps the quota over a restart, and over records of before departures were noted", async () => {
    const { agents, config } = await agentsAnswering("hybrid", objects({ models: ["m1"], datasets: ["trivia"], setting: "s1" }));
    const restarted = (notes: boolean) => {
      const again = createAgents({ config, store: noted(store, notes), runId: "r", env: {}, now: () => new Date(0) });
      if (again === null) throw new Error("the config has an llm section");
      return again;
    };
    const trials: ObservedTrial[] = [];
    const viewAt = (decision: number) => ({ ...smallView(config, decision), trials });
    for (let decision = 1; decision <= 5; decision++) {
      const proposal = await agents.policy.propose(viewAt(decision), createRng(decision));
      if (proposal === null) throw new Error("there is something to do");
      await store.decisions.add({
        runId: "r",
        number: decision,
        trial: decision,
        policy: "hybrid",
        proposal,
        planVersion: 1,
        memoryVersion: null,
        spaceTotal: 1,
        createdAt: new Date(0).toISOString(),
      });
      // Each departure costs more than it may: the share falls to its least.
      const made = { model: `n${decision}`, scores: { math: 0.1 }, failure: null, steps: 80 };
      trials.push({ number: decision, kind: "chosen", action: proposal.action, ...made });
      agents.policy.observe(trials.at(-1)!, viewAt(decision));
    }
    const departures = (await store.decisions.list("r")).filter(({ proposal }) => proposal.chosenBy === "llm");
    expect(departures.length).toBeGreaterThanOrEqual(1);
    for (const policy of [agents.policy, restarted(true).policy, restarted(false).policy]) {
      const choosers = [];
      for (const decision of [6, 10, 20, 30]) choosers.push((await policy.propose(viewAt(decision), createRng(decision)))?.chosenBy);
      expect(choosers).toEqual(["lookahead", "lookahead", "lookahead", "lookahead"]);
    }
  });

  it("offers only the least used types when it must explore", async () => {
    const { agents, config } = await agentsAnswering("llm", objects({ models: ["m1"], datasets: ["trivia"], setting: "s1" }));
    await agents.policy.propose(smallView(config, 5), createRng(0));
    expect(server.requests[0]?.messages.at(-1)?.content).toContain("This step must explore");
  });
});
