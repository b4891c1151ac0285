import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { finalizeRun } from "#graphs/conductor/finalize.ts";
import { checkConfig } from "#src/config/check-config.ts";
import { splits } from "#src/pool/objects.ts";
import { openScriptedWorld, scriptedConfig, type ScriptedWorld } from "#tests/graphs/scripted-world.ts";
import { startScriptedOpenai, type ScriptedServer } from "#tests/scripted-openai/server.ts";
import { createLandscape } from "#tools/executors/scripted/landscape.ts";

let world: ScriptedWorld | null = null;
let server: ScriptedServer | null = null;
afterEach(async () => {
  await world?.close();
  await server?.close();
  [world, server] = [null, null];
});

const baselines = { ties_grid: false, sft_all_compute: null, noise_repeats: 1 };
const confirm = { candidates: 1, seeds: 1 };
const task = { kind: "generate", path: "scripted/math", verifier: { kind: "exact" }, max_new_tokens: 8 };

/** Follows a run to its end. @returns how it ended, and what finalizing it needs. */
async function follow(opened: ScriptedWorld, landscape = createLandscape()) {
  world = opened;
  const conductor = opened.conductor({ behaviour: { landscape } });
  await conductor.follow(opened.run.id);
  const run = await opened.store.runs.find(opened.run.id);
  const chosen = (await opened.trials()).filter(({ kind }) => kind === "chosen");
  return { state: run?.state, why: run?.stateReason, chosen, parts: await conductor.open() };
}

async function claimOf({ parts }: Awaited<ReturnType<typeof follow>>) {
  const outcome = await finalizeRun(parts, world?.run.id ?? "", { author: "Ann", confirm });
  if (outcome.status !== "ok") throw new Error(outcome.status);
  return outcome.report.claim;
}

describe("a run that nothing can be learnt from", () => {
  it("with 3 items in all ends, and claims nothing", async () => {
    const opened = await openScriptedWorld({ budget: { trials: 3 }, baselines, policy: "lookahead" });
    for (const { path } of opened.run.tasks) {
      for (const split of splits) writeFileSync(join(path, `${split}.jsonl`), '{"prompt":"p","answer":"a","id":"1"}\n');
    }
    const ended = await follow(opened);
    expect(ended).toMatchObject({ state: "finished", chosen: { length: 3 } });
    const claim = await claimOf(ended);
    expect(claim.verdict).toBe("tie");
    expect(claim.text).toContain("Nothing beats the baseline");
  });

  it.each([0, 1])("with a metric that is always %d ends, and claims nothing", async (value) => {
    const opened = await openScriptedWorld({ budget: { trials: 3 }, baselines, policy: "lookahead" });
    const ended = await follow(opened, {
      ...createLandscape(),
      outcomes: (_skill, _model, _task, items) => Array.from({ length: items }, () => value),
    });
    expect(ended).toMatchObject({ state: "finished", chosen: { length: 3 } });
    expect((await claimOf(ended)).verdict).toBe("tie");
    // No training shows on the items: none of them counts as learnt.
    expect(ended.chosen.filter(({ action }) => action.type === "sft").every(({ learnt }) => learnt === false)).toBe(true);
  });

  it("with a floor that no model meets ends, and says that nothing can win", async () => {
    const opened = await openScriptedWorld({ tasks: { math: { ...task, floor: 1 } }, budget: { trials: 2 } });
    const ended = await follow(opened);
    expect(ended).toMatchObject({ state: "finished", chosen: { length: 2 } });
    await expect(claimOf(ended)).rejects.toThrow(
      /^There is nothing to finalize in scripted\. No model may win: m\d has the best score, \.\d+, but math \.\d+ is below its floor 1\.000\. Change `tasks\.math\.floor` in the run file and start it again\.$/,
    );
  });
});

describe("a run that nothing may be tried in", () => {
  it("ends at once and says what is in the way when everything is banned", async () => {
    const opened = await openScriptedWorld({ budget: { trials: 3 } });
    for (const actionType of ["sft", "merge_linear", "merge_ties"] as const)
      await opened.store.directives.add(opened.run.id, { author: "Ann", text: `no ${actionType}`, body: { kind: "ban", actionType } });
    const { state, why, chosen } = await follow(opened);
    expect(chosen).toEqual([]);
    expect({ state, why }).toEqual({ state: "finished", why: expect.stringMatching(/banned/) });
  });

  it("with a budget of one trial makes it and can be finalized", async () => {
    const ended = await follow(await openScriptedWorld({ budget: { trials: 1 }, baselines, policy: "lookahead" }));
    expect(ended).toMatchObject({ state: "finished", chosen: [{ state: "done" }] });
    expect((await claimOf(ended)).text).toMatch(/\./);
  });

  it("is refused before it starts when all weights are 0", () => {
    const config = scriptedConfig({ tasks: { math: { ...task, weight: 0 } } });
    expect(checkConfig(config)).toEqual([{ path: ["tasks"], message: "all weights are 0: no model could be better than another" }]);
  });
});

describe("a language model that always says the same", () => {
  it("chooses once; then the optimiser goes on, and each of its repeats is an event", async () => {
    const same = { reason: "the best", candidate: null, models: ["m0"], datasets: ["math"], setting: "s1" };
    server = await startScriptedOpenai((request) => {
      const asked = request.response_format?.json_schema.name;
      if (asked === "objects") return { kind: "json", value: same };
      return asked === "action_type" ? { kind: "json", value: { reason: "best", action_type: "sft" } } : { kind: "status", status: 400 };
    });
    const opened = await openScriptedWorld({
      policy: "llm",
      llm: { default: { model: "scripted", base_url: server.baseUrl, timeout_seconds: 3 } },
      actions: { sft: { max_steps: 80 } },
      budget: { trials: 4 },
    });
    const { state, chosen } = await follow(opened);
    expect({ state, done: chosen.length }).toEqual({ state: "finished", done: 4 });
    expect(new Set(chosen.map(({ key }) => key)).size).toBe(4);
    expect((await opened.events("llm-fault")).some((event) => event.includes("the lookahead policy decided instead"))).toBe(true);
  });
});
