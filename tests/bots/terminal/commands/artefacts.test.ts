import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openScriptedPlace, type ScriptedPlace } from "../scripted-place.ts";

let place: ScriptedPlace;
beforeAll(async () => {
  place = await openScriptedPlace({ budget: { trials: 3 }, baselines: false });
  await place.terminal().run("start", "temper.yaml");
  const past = new Date(Date.now() - 3_600_000);
  for (const { key, trial } of await place.store.objects.models(place.run.id)) {
    if (trial !== null) await utimes(join(place.home, "models", key, "temper.json"), past, past);
  }
});
afterAll(() => place.remove());

describe("pin, gc and remake", () => {
  it("pins a model, lists it, and keeps it when room is made", async () => {
    const terminal = place.terminal();
    expect(await terminal.run("pin", "m1", "--reason", "for Ben")).toMatchObject({
      code: 0,
      out: expect.stringContaining("m1 stays on disk"),
    });
    expect((await terminal.run("pin", "--list")).out).toMatch(/^m1 {2}by .*: for Ben$/m);
    expect(await terminal.run("pin", "m1")).toMatchObject({ err: expect.stringContaining("m1 of scripted is pinned already") });
    const dry = await terminal.run("gc", "--all", "--dry-run");
    expect(dry.out).toMatch(/^Would remove .* MB; the home would then take/);
    const { out, code } = await terminal.run("gc", "--all");
    expect(out).toMatch(/kept 1: .* pinned m1 of scripted/);
    expect(out).toMatch(/m2 of scripted: .*, remade when it is asked for/);
    expect(code).toBe(0);
  });

  it("makes a removed model again", async () => {
    const terminal = place.terminal();
    expect(await terminal.run("remake", "m2")).toMatchObject({ code: 0, out: expect.stringContaining("m2 is there: ") });
    expect((await place.store.jobs.ofTrial(place.run.id, 2)).map(({ purpose }) => purpose)).toEqual(["train"]);
    const { key } = (await place.store.objects.models(place.run.id)).find(({ id }) => id === "m2") ?? { key: "" };
    expect((await place.store.jobs.ofKey(key)).at(-1)).toMatchObject({ purpose: "remake", outcome: "finished" });
  });

  it("lets a pinned model go again, and says what is no pin and no size", async () => {
    const terminal = place.terminal();
    expect(await terminal.run("unpin", "m1")).toMatchObject({ code: 0, out: "m1 is no longer pinned.\n" });
    expect(await terminal.run("unpin", "m1")).toMatchObject({ code: 2, err: expect.stringContaining("m1 of scripted is not pinned") });
    expect(await terminal.run("gc", "--to", "much")).toMatchObject({
      code: 2,
      err: expect.stringContaining('--to takes gigabytes, such as 200; "much" is none.'),
    });
  });
});
