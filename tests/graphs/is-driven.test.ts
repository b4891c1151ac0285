import { hostname } from "node:os";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createHolder } from "#graphs/conductor/holder.ts";
import { isDriven } from "#graphs/conductor/is-driven.ts";
import { openScriptedWorld, type ScriptedWorld } from "./scripted-world.ts";

let world: ScriptedWorld;
beforeAll(async () => {
  world = await openScriptedWorld();
});
afterAll(() => world.close());

const now = new Date();
const ofAnEarlierBoot = `${hostname()}/00000000-0000-0000-0000-000000000000/1/1/x`;

it.each([
  ["a process that lives", createHolder(), 60_000, true],
  ["a process of this host that is gone", ofAnEarlierBoot, 60_000, false],
  ["a process of another host", "elsewhere/boot/1/1/x", 60_000, true],
  ["a process whose heartbeat stopped", "elsewhere/boot/1/1/x", -1, false],
])("tells whether %s follows a run", async (_, holder, forMs, driven) => {
  const { store, run } = world;
  const seat = { runId: run.id, holder, pool: "local", capacity: 1, demand: 1, priority: 1, expiresAt: now.getTime() + forMs };
  await store.conductors.report(seat);
  expect(await isDriven(store, run.id, now)).toBe(driven);
  expect(await isDriven(store, "another", now)).toBe(false);
  await store.conductors.leave(run.id, holder);
});
