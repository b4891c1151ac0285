import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openScriptedPlace, type ScriptedPlace } from "../scripted-place.ts";

let place: ScriptedPlace;
afterEach(() => place.remove());

/** A run whose jobs take a while, so that there is something to interrupt. */
async function slowPlace(seconds: number): Promise<ScriptedPlace> {
  const executor = { kind: "scripted", script: "slow.json" };
  const opened = await openScriptedPlace({ baselines: false, budget: { trials: 30 } });
  await writeFile(join(opened.directory, "slow.json"), JSON.stringify({ seconds }));
  await opened.write({ baselines: false, budget: { trials: 30 }, executor });
  return opened;
}

async function untilDone(store: ScriptedPlace["store"], runId: string, trials: number): Promise<void> {
  while ((await store.trials.counts(runId)).chosen < trials) await new Promise((done) => setTimeout(done, 20));
}

describe("Ctrl-C", () => {
  it("once starts no new trials, finishes those under way, and says how to come back", async () => {
    place = await slowPlace(0.2);
    const terminal = place.terminal();
    const ended = terminal.run("start", "temper.yaml", "--yes");
    await untilDone(place.store, place.run.id, 2);
    terminal.interrupt();
    const { code, err, out } = await ended;
    expect(err).toContain("No new trials; those under way are finished. Ctrl-C again leaves now");
    expect(err).toContain("Come back with: temper start temper.yaml   End it for good with: temper stop --now");
    expect(out).toContain("Not finished. Go on with: temper start temper.yaml");
    expect(code).toBe(1);
    expect(await place.store.trials.live(place.run.id)).toEqual([]);
    expect((await place.store.runs.find(place.run.id))?.state).toBe("running");
  });

  it("twice leaves now, and the next start takes up what was under way", async () => {
    place = await slowPlace(1.5);
    const terminal = place.terminal();
    const ended = terminal.run("start", "temper.yaml", "--yes");
    await untilDone(place.store, place.run.id, 1);
    terminal.interrupt();
    terminal.interrupt();
    const { code, err } = await ended;
    expect(err).toContain("Leaving. Jobs under way go on by themselves");
    expect(code).toBe(1);
    const left = await place.store.trials.live(place.run.id);
    expect(left).toHaveLength(1);

    const again = terminal.run("start", "temper.yaml");
    while ((await place.store.trials.find(place.run.id, left[0]?.number ?? 0))?.endedAt === null)
      await new Promise((done) => setTimeout(done, 20));
    expect((await terminal.run("stop", "--now")).code).toBe(0);
    await again;
    expect((await place.store.runs.find(place.run.id))?.state).toBe("stopped");
  });
});

describe("signals to the started program", () => {
  const entry = join(import.meta.dirname, "../../../../bin/temper.js");

  it("takes the terminal's Ctrl-C, which reaches starter and program alike, for one", async () => {
    place = await slowPlace(0.2);
    const child = spawn(process.execPath, [entry, "start", "temper.yaml", "--yes"], { cwd: place.directory, detached: true });
    let err = "";
    child.stderr.on("data", (chunk) => (err += String(chunk)));
    const ended = once(child, "close");
    await untilDone(place.store, place.run.id, 2);
    process.kill(-(child.pid ?? 0), "SIGINT");
    const [code] = await ended;
    expect(err).toContain("No new trials");
    expect(err).not.toContain("Leaving.");
    expect(code).toBe(1);
    expect(await place.store.trials.live(place.run.id)).toEqual([]);
  });

  it("passes a signal on that reached the starter alone", async () => {
    place = await slowPlace(0.2);
    const child = spawn(process.execPath, [entry, "start", "temper.yaml", "--yes"], { cwd: place.directory });
    const ended = once(child, "close");
    await untilDone(place.store, place.run.id, 2);
    child.kill("SIGTERM");
    expect((await ended)[0]).toBe(1);
    expect(await place.store.trials.live(place.run.id)).toEqual([]);
  });
});

describe("two terminals on one run", () => {
  it("lets the second follow the first instead of driving it twice", async () => {
    place = await slowPlace(0.1);
    const first = place.terminal();
    const second = place.terminal();
    const driving = first.run("start", "temper.yaml", "--yes");
    await untilDone(place.store, place.run.id, 1);
    const following = second.run("start", "temper.yaml");
    await untilDone(place.store, place.run.id, 4);
    await second.run("stop", "scripted");
    const [driven, followed] = [await driving, await following];
    expect(followed.code).toBe(0);
    expect(driven.code).toBe(0);
    expect((await place.store.runs.find(place.run.id))?.state).toBe("stopped");
  });
});
