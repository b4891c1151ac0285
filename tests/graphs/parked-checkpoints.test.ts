import { MemorySaver } from "@langchain/langgraph";
import { afterEach, describe, expect, it } from "vitest";
import { decideApproval } from "#src/approval/decide-approval.ts";
import { openScriptedWorld, type ScriptedWorld } from "./scripted-world.ts";

let world: ScriptedWorld;
afterEach(() => world.close());

/** Threads of which a saver holds a checkpoint. */
async function threadsIn(saver: MemorySaver): Promise<string[]> {
  const threads = new Set<string>();
  for await (const { config } of saver.list({})) threads.add(String(config.configurable?.["thread_id"]));
  return [...threads];
}

const conductorWith = (saver: MemorySaver) => world.conductor({ checkpointer: { saver, close: async () => undefined } });

describe("checkpoints of trials", () => {
  it("are stored where a trial waits for people, lead on in another process, and go with its end", async () => {
    const saver = new MemorySaver();
    world = await openScriptedWorld({ budget: { trials: 1 }, approval: { over: { device_hours: 0 }, max_pending: 1 }, baselines: false });
    const approveAll = async () => {
      for (const { id } of await world.store.approvals.list(world.run.id, "pending"))
        await decideApproval(world.store, { id, to: "approved", by: "Ann", role: "owner", reason: null });
    };
    expect(await conductorWith(saver).follow(world.run.id, { leaveWhenWaiting: true })).toBe("waiting");
    await approveAll();
    expect(await conductorWith(saver).follow(world.run.id, { leaveWhenWaiting: true })).toBe("waiting");
    expect(await threadsIn(saver)).toEqual([`run:${world.run.id}:trial:1`]);
    await approveAll();
    expect(await conductorWith(saver).follow(world.run.id, { leaveWhenWaiting: true })).toBe("ended");
    expect(await world.trials()).toMatchObject([{ number: 1, state: "done" }]);
    expect(await threadsIn(saver)).toEqual([]);
  });

  it("are not stored for trials that nobody has to be asked about", async () => {
    const saver = new MemorySaver();
    const stored: string[] = [];
    const put = saver.put.bind(saver);
    saver.put = (...all) => {
      stored.push(String(all[0].configurable?.["thread_id"]));
      return put(...all);
    };
    world = await openScriptedWorld({ budget: { trials: 3 } });
    expect(await conductorWith(saver).follow(world.run.id)).toBe("ended");
    expect(await world.trials()).toHaveLength(3);
    expect(stored).toEqual([]);
  });
});
