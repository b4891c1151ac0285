import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAgents } from "#graphs/agents/create-agents.ts";
import { Experience } from "#src/memory/experience.ts";
import { makePlan } from "#src/memory/make-plan.ts";
import { writeMemory } from "#src/memory/write-memory.ts";
import { openStore } from "#src/store/open-store.ts";
import type { Store } from "#src/store/store.ts";
import { startScriptedOpenai, type ScriptedServer } from "#tests/scripted-openai/server.ts";
import { smallConfig, smallView } from "./small-view.ts";

let home: string;
let store: Store;
let server: ScriptedServer;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "temper-llm-roles-"));
  store = await openStore({ home });
});

afterEach(async () => {
  await server.close();
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

/** Agents whose endpoint gives these answers in turn (the last repeats), and what the small run has lived through. */
async function answering(...answers: object[]) {
  let asked = 0;
  server = await startScriptedOpenai(() => ({ kind: "json", value: answers[Math.min(asked++, answers.length - 1)] }));
  const config = smallConfig(server.baseUrl);
  const state = { state: "running", stateReason: "", endedAt: null, finalOpenedAt: null } as const;
  await store.runs.create({ id: "r", name: "small", config, tasks: [], seed: 0, createdAt: new Date(0).toISOString(), ...state });
  const agents = createAgents({ config, store, runId: "r", env: {}, now: () => new Date(0) });
  if (agents === null) throw new Error("the config has an llm section");
  const view = smallView(config);
  const experience = new Experience();
  for (const trial of view.trials) experience.observe(trial, view);
  return { agents, view, experience };
}

type Opened = Awaited<ReturnType<typeof answering>>;

const memory = (experience: string) => ({ experience, directions: "Try m1 again.", lesson: "trial 2 gave .400." });
const reflectOn = ({ view, experience }: Opened) => {
  const [, trial] = view.trials;
  if (trial === undefined) throw new Error("the view has two trials");
  return { previous: null, trial, prediction: null, experience, view };
};

const plan = (focus: string) => ({ phase: "exploit", focus, tasks: ["math"] });
const planOf = ({ view, experience }: Opened) => ({ previous: null, baselinesLeft: 0, experience, view });

const faults = async () => (await store.events.list("r")).filter(({ kind }) => kind === "llm-fault").map(({ text }) => text);

describe("the reflector as a language model", () => {
  it("gets back a number that it made up, and is taken at its word without it", async () => {
    const opened = await answering(memory("m1 reached .950 in trial 1."), memory("m1 reached .60 in trial 1."));
    expect(await opened.agents.reflect(reflectOn(opened))).toMatchObject({ by: "scripted", experience: "m1 reached .60 in trial 1." });
    expect(server.requests[1]?.messages.at(-1)?.content).toContain("it says .950, which does not stand in the data");
    expect(await faults()).toEqual([]);
  });

  it("is replaced by the rules when it goes on making up numbers", async () => {
    const opened = await answering(memory("m1 reached .950 in trial 1."));
    const input = reflectOn(opened);
    expect(await opened.agents.reflect(input)).toEqual(writeMemory(input));
    expect(await faults()).toEqual([expect.stringMatching(/^reflector: it says \.950, .*the rules played the role this time$/)]);
  });
});

describe("the planner as a language model", () => {
  it.each([
    ["a number that it made up", "Build on m1, at .950.", "it says .950, which does not stand in the data"],
    ["an id that it made up", "Build on m99.", "it cites m99, which this run does not have"],
  ])("gets back %s", async (_, focus, problem) => {
    const opened = await answering(plan(focus), plan("Build on m1, at .600."));
    expect(await opened.agents.plan(planOf(opened))).toMatchObject({ by: "scripted", focus: "Build on m1, at .600." });
    expect(server.requests[1]?.messages.at(-1)?.content).toContain(problem);
  });

  it("is replaced by the rules when it goes on making up numbers", async () => {
    const opened = await answering(plan("Build on m1, at .950."));
    expect(await opened.agents.plan(planOf(opened))).toEqual(makePlan(planOf(opened)));
    expect(await faults()).toEqual([expect.stringMatching(/^planner: it says \.950, /)]);
  });

  it("is not asked about the baselines, nor about the end", async () => {
    const opened = await answering(plan("Build on m1."));
    expect((await opened.agents.plan({ ...planOf(opened), baselinesLeft: 3 })).phase).toBe("baselines");
    opened.view.budget = { trialsLeft: 0, trialsDone: 10, steps: null };
    expect((await opened.agents.plan(planOf(opened))).phase).toBe("confirm");
    expect(server.requests).toEqual([]);
  });
});
