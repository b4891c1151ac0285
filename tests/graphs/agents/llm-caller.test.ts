import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { LlmCaller } from "#graphs/agents/llm/llm-caller.ts";
import { LlmFault } from "#graphs/agents/llm/llm-fault.ts";
import { runConfigSchema, type RunConfig } from "#src/config/run-config.ts";
import { openStore } from "#src/store/open-store.ts";
import type { Store } from "#src/store/store.ts";
import { startScriptedOpenai, type ScriptedAnswer, type ScriptedServer } from "#tests/scripted-openai/server.ts";

const question = {
  role: "planner",
  name: "answer",
  schema: z.strictObject({ word: z.string() }),
  turns: [{ role: "user", content: "?" }],
} as const;

let home: string;
let store: Store;
let server: ScriptedServer | null = null;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "temper-llm-"));
  store = await openStore({ home });
});

afterEach(async () => {
  await server?.close();
  server = null;
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

function configFor(baseUrl: string, budget: RunConfig["budget"] | object = {}): RunConfig {
  return runConfigSchema.parse({
    name: "llm",
    models: { base: { path: "base" } },
    datasets: {},
    tasks: { math: { kind: "generate", path: "math.jsonl", verifier: { kind: "exact" } } },
    actions: { merge_linear: {} },
    llm: {
      default: {
        model: "scripted",
        base_url: baseUrl,
        timeout_seconds: 8,
        usd_per_million_input_tokens: 10,
        usd_per_million_output_tokens: 10,
      },
    },
    budget,
  });
}

async function createRow(config: RunConfig): Promise<void> {
  const createdAt = new Date(0).toISOString();
  await store.runs.create({
    id: "r1",
    name: "llm",
    state: "running",
    stateReason: "",
    config,
    tasks: [],
    seed: 0,
    createdAt,
    endedAt: null,
    finalOpenedAt: null,
  });
}

async function callerFor(answer: ScriptedAnswer, budget: object = {}, env: Record<string, string> = {}): Promise<LlmCaller> {
  server = await startScriptedOpenai(() => answer);
  const config = configFor(server.baseUrl, budget);
  await createRow(config);
  return new LlmCaller({ config, runId: "r1", store, env, now: () => new Date(0) }, "planner");
}

describe("LlmCaller", () => {
  it("returns the parsed answer and records tokens and money", async () => {
    const caller = await callerFor({ kind: "json", value: { word: "yes" } });
    expect(await caller.ask(question)).toEqual({ word: "yes" });
    expect(await store.llmCalls.totals("r1")).toMatchObject({ calls: 1, faults: 0, inputTokens: 100, outputTokens: 20, usd: 0.0012 });
  });

  it.each<[string, ScriptedAnswer]>([
    ["an error", { kind: "status", status: 401, text: "Incorrect API key provided: my-own-key-123" }],
    ["an answer", { kind: "text", text: "the key is my-own-key-123" }],
  ])("lets no key into a fault that an endpoint repeats in %s", async (_, answer) => {
    const caller = await callerFor(answer, {}, { OPENAI_API_KEY: "my-own-key-123" });
    const fault = await caller.ask(question).catch((error: unknown) => error);
    expect(inspect(fault, { depth: 9, showHidden: true })).not.toContain("my-own-key-123");
    expect(fault).toBeInstanceOf(LlmFault);
    expect(server?.authorizations).toEqual(["Bearer my-own-key-123"]);
  });

  it.each<[string, ScriptedAnswer, string]>([
    ["truncated JSON", { kind: "text", text: '{"word": "ye', finishReason: "length" }, "truncated"],
    ["no JSON", { kind: "text", text: "I think" }, "bad_json"],
    ["an empty answer", { kind: "text", text: "" }, "bad_json"],
    ["a refusal", { kind: "refusal", text: "I will not" }, "refusal"],
    ["a wrong schema", { kind: "json", value: { sentence: 3 } }, "wrong_schema"],
  ])("turns %s into a fault whose tokens are counted", async (_, answer, kind) => {
    const caller = await callerFor(answer);
    await expect(caller.ask(question)).rejects.toMatchObject({ name: "LlmFault", kind });
    expect(await store.llmCalls.totals("r1")).toMatchObject({ calls: 1, faults: 1, inputTokens: 100, outputTokens: 20 });
  });

  it.each<[string, ScriptedAnswer, string]>([
    ["a hang", { kind: "hang" }, "timeout"],
    ["400", { kind: "status", status: 400 }, "bad_request"],
  ])("turns %s into a fault", async (_, answer, kind) => {
    const caller = await callerFor(answer);
    await expect(caller.ask(question)).rejects.toMatchObject({ name: "LlmFault", kind });
  });

  it.each<[number, string]>([
    [429, "rate_limited"],
    [500, "server_error"],
  ])("tries %i again before it gives up", async (status, kind) => {
    const caller = await callerFor({ kind: "status", status });
    // The retries back off for longer than the deadline of one second: either fault says what happened.
    await expect(caller.ask(question)).rejects.toSatisfy((fault) => z.object({ kind: z.enum([kind, "timeout"]) }).safeParse(fault).success);
    expect(server?.requests.length).toBeGreaterThan(0);
  });

  it("sends nothing once a token cap is reached", async () => {
    const caller = await callerFor({ kind: "json", value: { word: "yes" } }, { llm_tokens: 100 });
    await caller.ask(question);
    await expect(caller.ask(question)).rejects.toMatchObject({ kind: "cap_reached" });
    expect(server?.requests).toHaveLength(1);
  });

  it("names the variable when a hosted endpoint has no key", () => {
    const config = configFor("http://127.0.0.1:9/v1");
    delete config.llm?.default.base_url;
    expect(() => new LlmCaller({ config, runId: "r1", store, env: {}, now: () => new Date(0) }, "planner")).toThrow(
      /OPENAI_API_KEY is not set/,
    );
  });
});
