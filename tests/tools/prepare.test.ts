import { mkdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runConfigSchema } from "#src/config/run-config.ts";
import { createLocalExecutor } from "#tools/executors/local/create-local-executor.ts";
import { createScriptedExecutor } from "#tools/executors/scripted/create-scripted-executor.ts";
import { prepareObjects } from "#tools/prepare.ts";
import { openTestHome, type TestHome } from "./test-home.ts";

let place: TestHome;
let data: string;
beforeEach(async () => {
  place = await openTestHome();
  data = join(place.home, "data.jsonl");
  await writeFile(data, '{"prompt":"1+1","completion":"2"}\n');
});
afterEach(async () => {
  await place.remove();
});

function config() {
  return runConfigSchema.parse({
    name: "prepared",
    models: { base: { path: "tiny-world:S/base" } },
    datasets: { sums: { path: data } },
    tasks: { sums: { kind: "generate", path: data, verifier: { kind: "number" }, items: { search: 3, confirm: 3, final: 3 } } },
    actions: { sft: {} },
  });
}

describe("prepareObjects", () => {
  it("registers what a config names", async () => {
    const executor = createScriptedExecutor();
    const started: string[] = [];
    const prepared = await prepareObjects(place.context(executor), config(), {
      offline: true,
      onStart: (directory) => started.push(directory),
    });
    expect(prepared).toMatchObject({ models: [{ id: "base" }], datasets: [{ id: "sums" }], tasks: [{ id: "sums" }], problems: [] });
    expect(started).toEqual([join(place.home, "jobs", "prepare-1")]);
    expect(await readFile(join(started[0] ?? "", "steps/prepare/request.json"), "utf8")).toContain('"offline":true');
  });

  it("answers from an earlier registration until a file changes", async () => {
    const executor = createScriptedExecutor();
    const context = place.context(executor);
    const first = await prepareObjects(context, config(), { offline: true });
    expect(await prepareObjects(context, config(), { offline: true })).toEqual(first);
    expect(executor.submitted).toHaveLength(1);
    await utimes(data, new Date(1e9), new Date(1e9));
    await prepareObjects(context, config(), { offline: true });
    expect(executor.submitted).toHaveLength(2);
  });

  it("registers again when what it made has gone", async () => {
    const executor = createScriptedExecutor();
    const context = place.context(executor);
    const first = await prepareObjects(context, config(), { offline: true });
    await rm(first.models[0]?.path ?? "", { recursive: true });
    await prepareObjects(context, config(), { offline: true });
    expect(executor.submitted).toHaveLength(2);
  });

  it("looks a hub's objects up again while they are not pinned", async () => {
    const executor = createScriptedExecutor();
    const context = place.context(executor);
    const hub = { ...config(), models: { base: { path: "someone/some-model" } } };
    await prepareObjects(context, hub, { offline: false });
    await prepareObjects(context, hub, { offline: false });
    expect(executor.submitted).toHaveLength(2);
  });

  it("says where to look when the registration fails as a whole", async () => {
    const executor = createScriptedExecutor({ behaviour: { fault: () => "crash" } });
    await expect(prepareObjects(place.context(executor), config(), { offline: true })).rejects.toThrow(/log\.txt/);
  });

  it("stops when it is told to", async () => {
    const executor = createScriptedExecutor({ behaviour: { fault: () => "hang" } });
    const abort = new AbortController();
    const onStart = () => abort.abort(new Error("not now"));
    const waiting = prepareObjects(place.context(executor), config(), { offline: true, signal: abort.signal, onStart });
    await expect(waiting).rejects.toThrow("not now");
  });

  it("lets only an online registration see what it needs to reach a hub", async () => {
    const fixtureScripts = join(place.home, "scripts");
    await mkdir(fixtureScripts);
    const code = `import os
def run(request, report):
    print("ENVIRONMENT", dict(os.environ), flush=True)
    return {"models": [], "datasets": [], "tasks": [], "problems": []}
`;
    await writeFile(join(fixtureScripts, "prepare.py"), code);
    const executor = await createLocalExecutor({
      home: place.home,
      python: resolve(".venv/bin/python"),
      store: place.store,
      host: "here",
      settings: { device: "cpu", warm_worker: false },
      environment: { PATH: "/usr/bin:/bin", OPENAI_API_KEY: "sk-planted", HF_TOKEN: "hf-needed" },
      fixtureScripts,
    });
    const context = place.context(executor);
    await prepareObjects(context, config(), { offline: true });
    await prepareObjects(context, config(), { offline: false });
    const [offline, online] = await Promise.all(
      [1, 2].map(async (n) => await readFile(join(place.home, `jobs/prepare-${n}/log.txt`), "utf8")),
    );
    expect(offline).toContain("'HF_HUB_OFFLINE': '1'");
    expect(offline).not.toMatch(/hf-needed|sk-planted/);
    expect(online).toContain("'HF_HUB_OFFLINE': '0'");
    expect(online).toContain("hf-needed");
    expect(online).not.toContain("sk-planted");
    await executor.close();
  });
});
