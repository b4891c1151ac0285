import { afterEach, describe, expect, it } from "vitest";
import { Seat } from "#graphs/conductor/seat.ts";
import type { Conductor } from "#graphs/conductor/conductor.ts";
import { createHolder } from "#graphs/conductor/holder.ts";
import type { PolicyView } from "#src/policy/policy.ts";
import { createRuleAgents } from "#graphs/agents/rule-agents.ts";
import { createRun } from "#src/service/create-run.ts";
import type { Run, Store } from "#src/store/store.ts";
import { goneHolder } from "./crashing.ts";
import { openScriptedWorld, preparedObjects, scriptedConfig, type ScriptedWorld } from "./scripted-world.ts";

let world: ScriptedWorld;
afterEach(() => world.close());

const lanes = (count: number) => ({ executor: { kind: "scripted", lanes: count } });

async function addRun(name: string, parts: Record<string, unknown>): Promise<Run> {
  const config = scriptedConfig({ name, ...parts });
  return createRun(world.store, { config, prepared: preparedObjects(config, world.home), now: new Date() });
}

/** The most trials that were under way at once, over all conductors, as the events tell it. */
async function mostUnderWay(store: Store, runId: string): Promise<number> {
  let now = 0;
  let most = 0;
  for (const { kind } of await store.events.list(runId)) {
    if (kind === "trial-select") now += 1;
    if (kind === "trial-end") now -= 1;
    most = Math.max(most, now);
  }
  return most;
}

describe("lanes of a run", () => {
  it("are no more than it asks for, however many conductors fill them", async () => {
    world = await openScriptedWorld({ budget: { trials: 14 }, ...lanes(3) });
    const behaviour = { seconds: () => 0.05 };
    const conductors = [1, 2].map(() => world.conductor({ behaviour }));
    await Promise.all(conductors.map((conductor) => conductor.follow(world.run.id)));
    expect((await world.trials()).map(({ state }) => state)).toEqual(Array.from({ length: 14 }, () => "done"));
    expect(await mostUnderWay(world.store, world.run.id)).toBeLessThanOrEqual(3);
    expect(await world.store.conductors.list(0)).toEqual([]);
  });

  it("show each decision what the others have under way", async () => {
    world = await openScriptedWorld({ budget: { trials: 6 }, ...lanes(3) });
    const seen: number[] = [];
    const agents = (config: Run["config"]) => {
      const rules = createRuleAgents(config);
      const { policy } = rules;
      const propose: typeof policy.propose = (view: PolicyView, ...rest) => {
        seen.push(view.pending.length);
        return policy.propose(view, ...rest);
      };
      return { ...rules, policy: { name: policy.name, observe: policy.observe.bind(policy), propose } };
    };
    await world.conductor({ agents, behaviour: { seconds: () => 0.3 } }).follow(world.run.id);
    expect(Math.max(...seen)).toBeGreaterThan(0);
    expect(Math.max(...seen)).toBeLessThanOrEqual(2);
    expect(new Set((await world.trials()).map(({ key }) => key)).size).toBe(6);
  });

  it("come free when the trial in them waits for people", async () => {
    world = await openScriptedWorld({
      budget: { trials: 3 },
      approval: { over: { device_hours: 0 }, max_pending: 3 },
      baselines: false,
      ...lanes(1),
    });
    await world.conductor().follow(world.run.id, { leaveWhenWaiting: true });
    const waiting = await world.store.approvals.list(world.run.id, "pending");
    expect(waiting.length).toBeGreaterThan(0);
    expect((await world.trials()).every(({ lane }) => lane === null)).toBe(true);
  });
});

function seatOf(run: Run, own: string, capacity: number | null = 6): Seat {
  const pool = { name: "host", capacity };
  return new Seat(world.store, { runId: run.id, holder: createHolder(own), pool }, () => Date.now());
}

/** Lanes by what others say at this moment: a conductor looks at each beat. */
async function lanesNow(seat: Seat, run: Run, demand: number): Promise<number> {
  seat.look();
  return await seat.lanes(run, demand);
}

describe("runs that share devices", () => {
  it("get lanes by their priority, and what one leaves goes to the others", async () => {
    world = await openScriptedWorld(lanes(10));
    const urgent = await addRun("urgent", { ...lanes(10), priority: 2 });
    const [a, b] = [seatOf(world.run, "a"), seatOf(urgent, "b")];
    expect(await lanesNow(a, world.run, 10)).toBe(6);
    expect(await lanesNow(b, urgent, 10)).toBe(4);
    expect(await lanesNow(a, world.run, 10)).toBe(2);
    // The urgent one has nothing more to start than what it has under way.
    expect(await lanesNow(b, urgent, 1)).toBe(1);
    expect(await lanesNow(a, world.run, 10)).toBe(5);
    await b.leave();
    expect(await lanesNow(a, world.run, 10)).toBe(6);
  });

  it("divide a run's lanes among its conductors, and give those of a dead one to the others at once", async () => {
    world = await openScriptedWorld(lanes(7));
    const dead = { runId: world.run.id, pool: "host", capacity: 6, demand: 7, priority: 1, expiresAt: Date.now() + 60_000 };
    const [a, b] = [seatOf(world.run, "a", null), seatOf(world.run, "b", null)];
    await lanesNow(a, world.run, 7);
    expect((await lanesNow(a, world.run, 7)) + (await lanesNow(b, world.run, 7))).toBeGreaterThanOrEqual(7);
    expect((await lanesNow(a, world.run, 7)) + (await lanesNow(b, world.run, 7))).toBe(7);
    await world.store.conductors.report({ ...dead, holder: goneHolder });
    expect((await lanesNow(a, world.run, 7)) + (await lanesNow(b, world.run, 7))).toBe(7);
    await world.store.conductors.report({ ...dead, holder: "elsewhere/boot/1/1/c" });
    expect((await lanesNow(a, world.run, 7)) + (await lanesNow(b, world.run, 7))).toBeLessThan(7);
  });

  it("both go on, side by side, until both are done", async () => {
    world = await openScriptedWorld({ budget: { trials: 6 }, ...lanes(4) });
    const other = await addRun("other", { budget: { trials: 6 }, ...lanes(4), seed: 1 });
    const conductor: Conductor = world.conductor({ pool: { name: "host", capacity: 4 }, behaviour: { seconds: () => 0.03 } });
    await Promise.all([world.run.id, other.id].map((id) => conductor.follow(id)));
    for (const id of [world.run.id, other.id]) {
      expect((await world.store.trials.counts(id)).chosen).toBe(6);
      expect(await mostUnderWay(world.store, id)).toBeLessThanOrEqual(4);
    }
  });
});
