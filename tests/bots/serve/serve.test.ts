import { afterEach, describe, expect, it } from "vitest";
import { openScriptedPlace, type ScriptedPlace } from "#tests/bots/terminal/scripted-place.ts";

let place: ScriptedPlace;
afterEach(() => place.remove());

const patience = { timeout: 60_000, interval: 100 };

describe("temper serve", () => {
  it("drives runs of its home in a thread of its own, those that come later too, and ends when it is asked to", async () => {
    place = await openScriptedPlace({ budget: { trials: 2 } });
    const terminal = place.terminal();
    const served = terminal.run("serve");
    await expect.poll(async () => (await place.store.runs.find(place.run.id))?.state, patience).toBe("finished");
    await place.store.runs.setConfig(place.run.id, { ...place.run.config, budget: { ...place.run.config.budget, trials: 3 } });
    await place.store.runs.setState(place.run.id, ["finished"], "running", "its budget was raised");
    await expect.poll(async () => (await place.store.runs.find(place.run.id))?.state, patience).toBe("finished");
    expect(await place.store.trials.counts(place.run.id)).toMatchObject({ chosen: 3 });
    terminal.interrupt();
    const { code, err } = await served;
    expect(code).toBe(0);
    expect(err).toContain("No new trials");
    expect(err).toContain(`"run":"${place.run.id}"`);
    expect(await place.store.leases.list("", Date.now())).toEqual([]);
  }, 120_000);
});
