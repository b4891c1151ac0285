import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { loadRunConfig } from "#src/config/load-run-config.ts";
import { addedObjects, configToPrepare } from "#src/service/extension/added-objects.ts";
import { knownObjects } from "#src/service/extension/known-objects.ts";
import { keepPrepared, preparedKey } from "#tools/prepare/prepared-cache.ts";
import { prepareInputs } from "#tools/prepare/prepare-inputs.ts";
import { preparedObjects } from "#tests/graphs/scripted-world.ts";
import { openScriptedPlace, type ScriptedPlace } from "../scripted-place.ts";

let place: ScriptedPlace;
afterEach(() => place.remove());

const datasets = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { path: `scripted/${name}` }]));
const tasks = (...names: string[]) =>
  Object.fromEntries(
    names.map((name) => [name, { kind: "generate", path: `scripted/${name}`, verifier: { kind: "exact" }, max_new_tokens: 8 }]),
  );
const wider = { datasets: datasets("math", "trivia", "common", "noisy", "extra"), tasks: tasks("math", "trivia", "common", "safety") };

/** Writes a config, and the registration of what is new in it, as an earlier reading would have left it. */
async function write(parts: Record<string, unknown>) {
  await place.write(parts);
  const config = await loadRunConfig(join(place.directory, "temper.yaml"));
  const wanted = configToPrepare(config, addedObjects(place.run.config, config));
  const prepared = preparedObjects(wanted, place.home);
  for (const { path } of [...prepared.models, ...prepared.datasets]) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "");
  }
  await keepPrepared(
    place.home,
    (await preparedKey(prepareInputs(wanted, place.home, true, await knownObjects(place.store, place.run)))) ?? "",
    prepared,
  );
}

const start = (person = place.terminal({ answers: ["y"] })) => ({ person, ended: person.run("start", "temper.yaml", "--offline") });

describe("temper start with more in the config", () => {
  it("shows what joins, asks, and goes on with all of it measured", async () => {
    place = await openScriptedPlace({ budget: { trials: 2 }, baselines: false });
    await start().ended;
    await write({ ...wider, budget: { trials: 3 }, baselines: false });
    const { person, ended } = start();
    const { code, err } = await ended;
    expect(person.questions).toEqual(["Go on with scripted under the new settings? [y/N] "]);
    expect(err).toContain('datasets.extra: nothing → {"path":"scripted/extra"');
    expect(err).toContain("Reading dataset extra and task safety …");
    expect(err).toContain("Measuring it before the next trial:");
    expect(err).toContain("added dataset extra and task safety to scripted. 3 models are measured on it first.");
    expect(code).toBe(0);
    const run = await place.store.runs.find(place.run.id);
    expect(run?.tasks.map(({ id }) => id)).toEqual(["math", "trivia", "common", "safety"]);
    expect(run?.config.budget.trials).toBe(3);
    expect(await place.store.runs.list()).toHaveLength(1);
    const models = await place.store.objects.models(place.run.id);
    const measured = await place.store.evaluations.ofModels(
      models.map(({ key }) => key),
      "search",
    );
    expect(measured.filter(({ task }) => task === "safety")).toHaveLength(4);
  });

  it("asks once more where measuring it is over the threshold, and notes who approved it", async () => {
    const approval = { over: { device_hours: 0 } };
    place = await openScriptedPlace({ budget: { trials: 1 }, baselines: false });
    await start().ended;
    await write({ ...wider, budget: { trials: 1 }, baselines: false, approval });
    const refused = start(place.terminal({ answers: ["y", "n"] }));
    expect((await refused.ended).err).toContain("Nothing was changed.");
    expect(refused.person.questions[1]).toMatch(/^That is up to .*, over 0 device-hours\. Approve it\? /);
    expect((await place.store.runs.find(place.run.id))?.tasks).toHaveLength(3);
    expect((await start(place.terminal({ answers: ["y", "y"] })).ended).code).toBe(0);
    const [yes] = await place.store.approvals.list(place.run.id, "approved");
    expect(yes).toMatchObject({ batch: "additions", trial: null });
    const late = (await place.store.jobs.finished(10)).filter(({ approvalId }) => approvalId === yes?.id);
    expect(late.map(({ purpose, trial }) => [purpose, trial])).toEqual([
      ["evaluate", null],
      ["evaluate", null],
    ]);
  });

  it("says why what a run stands on cannot be taken away, and offers another run", async () => {
    place = await openScriptedPlace({ budget: { trials: 1 } });
    await start().ended;
    await place.write({ budget: { trials: 1 }, datasets: datasets("math", "trivia", "common"), tasks: tasks("math", "trivia") });
    const { person, ended } = start(place.terminal({ answers: ["n"] }));
    const { err } = await ended;
    expect(err).toMatch(
      /datasets\.noisy stays in scripted: (trial \d+ stands|\d+ trials stand) on it.*temper steer "stop using noisy" leaves it out\./,
    );
    expect(err).toContain(
      "tasks.common stays in scripted: what was measured on it stands; tasks.common.weight: 0 takes it out of the score.",
    );
    expect(person.questions).toEqual(["Start a new run called scripted beside the old one? [y/N] "]);
    expect(await place.store.runs.list()).toHaveLength(1);
  });
});
