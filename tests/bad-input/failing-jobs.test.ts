import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openScriptedPlace, type ScriptedPlace } from "#tests/bots/terminal/scripted-place.ts";
import type { Fault } from "#tools/executors/scripted/behaviour.ts";

let place: ScriptedPlace;
afterEach(() => place.remove());

/** A run whose n-th jobs end as the script says; the first is the evaluation of the base. */
async function faultyPlace(at: Record<number, Fault>): Promise<ScriptedPlace> {
  const parts = { baselines: false, budget: { trials: 3 } };
  const opened = await openScriptedPlace(parts);
  await script(opened, at);
  await opened.write({ ...parts, executor: { kind: "scripted", script: "faults.json" } });
  return opened;
}

const script = ({ directory }: ScriptedPlace, at: Record<number, Fault>) =>
  writeFile(join(directory, "faults.json"), JSON.stringify({ at }));
const states = async () => (await place.store.trials.list(place.run.id)).map((trial) => trial.state);

describe("a full disk", () => {
  it("stops the run at once, says so, and the next start takes the trial up again", async () => {
    place = await faultyPlace({ 3: "disk-full" });
    const first = await place.terminal().run("start", "temper.yaml", "--yes");
    expect(first.err).toMatch(/Trial 2 could not be made: disk full\. .*Nothing is lost; the next start takes it up again\./);
    expect(first.out).toContain("Once the cause is gone, go on with: temper start temper.yaml");
    expect(first.code).toBe(1);
    expect(await states()).toEqual(["done", "running"]);

    await script(place, {});
    expect(await place.terminal().run("start", "temper.yaml", "--yes")).toMatchObject({ code: 0 });
    expect(await states()).toEqual(["done", "done", "done"]);
  });
});

describe("a base model that cannot be evaluated", () => {
  it.each<[Fault, RegExp]>([
    ["out-of-memory", /The base model base could not be evaluated: out of memory\./],
    ["timeout", /The base model base could not be evaluated: timeout\./],
    ["disk-full", /The base model base could not be evaluated: disk full\./],
  ])("ends the run once (%s), and the next start evaluates it again", async (fault, message) => {
    // The second of them answers the retry with half the batch.
    place = await faultyPlace({ 1: fault, 2: fault });
    const first = await place.terminal().run("start", "temper.yaml", "--yes");
    expect(first.err.match(new RegExp(message, "g"))).toHaveLength(2); // where it happened, and why the run ended
    expect(first.code).toBe(1);

    await script(place, {});
    expect(await place.terminal().run("start", "temper.yaml", "--yes")).toMatchObject({ code: 0 });
    expect(await states()).toEqual(["done", "done", "done"]);
  });
});

describe("a job that failed", () => {
  it("says what was tried again and why", async () => {
    place = await faultyPlace({ 2: "out-of-memory", 4: "truncated-reply", 5: "unknown-keys" });
    const { err, code } = await place.terminal().run("start", "temper.yaml", "--yes");
    expect(err).toMatch(/Trial 1 is tried again: out of memory \(.*\): once more with half the batch\./);
    expect(err).toMatch(/Trial 2 is tried again: bad reply \(.*result\.json is not the reply that attempt .* recorded/);
    expect(err).toMatch(/Trial 2 \(.*\) failed: bad reply\. .*result\.json has another form than agreed/);
    expect(err).toMatch(/sft is paused: it is not tried before somebody has answered/);
    expect(code).toBe(0);
    expect(await states()).toEqual(["done", "failed", "done"]);
  });

  it("names the cause where it is told, and in why", async () => {
    place = await faultyPlace({ 2: "diverge" });
    const terminal = place.terminal();
    const { err } = await terminal.run("start", "temper.yaml", "--yes");
    expect(err).toMatch(/Trial 1 \(SFT of m0 .*\) failed: diverged\. the script says that the loss is not finite/);
    expect((await terminal.run("why", "1")).out).toContain("Outcome: it failed: diverged (the script says that the loss is not finite)");
  });
});

describe("answers that look broken", () => {
  it("are told, and stay on record with the trial", async () => {
    place = await faultyPlace({ 2: "broken-answers" });
    const warning = "Its answers look broken: math: 80 % of the answers are cut off at max_new_tokens";
    const terminal = place.terminal();
    expect((await terminal.run("start", "temper.yaml", "--yes")).err).toContain(warning);
    expect((await place.store.trials.find(place.run.id, 1))?.detail).toContain(warning);
    expect((await terminal.run("why", "1")).out).toContain(warning);
    const result = (await place.store.events.list(place.run.id)).find((event) => event.kind === "trial-result" && event.trial === 1);
    expect(result?.fields["warnings"]).toEqual([expect.stringContaining(warning)]);
  });
});
