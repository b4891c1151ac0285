import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { proposeRunWish } from "#bots/chat/propose-run-wish.ts";
import { commands } from "#bots/discord/commands/commands.ts";
import type { Place } from "#bots/discord/place.ts";
import { Pictures } from "#bots/pictures/pictures.ts";
import type { Role } from "#src/approval/role.ts";
import { requestApproval } from "#src/approval/request-approval.ts";
import { sampleEstimate, sampleTrial } from "#tests/conformance/store/samples.ts";
import { openScriptedWorld, type ScriptedWorld } from "#tests/graphs/scripted-world.ts";

let world: ScriptedWorld;
let woken = 0;
beforeEach(async () => {
  world = await openScriptedWorld();
  woken = 0;
});
afterEach(() => world.close());

const now = () => new Date();

function placeOf(role: Role): Place {
  const { store, run, home } = world;
  const about = { store, caps: null, timeZone: "UTC", extend: null, now };
  return {
    store,
    person: { platform: "discord", id: "7", name: "ann", role },
    channel: "c",
    guild: "g",
    runId: run.id,
    desk: {
      store,
      home,
      now,
      startedAt: now(),
      pictures: new Pictures({ home }),
      wishes: {
        start: () => Promise.reject(new Error("nothing is started here")),
        propose: async (about_, wish, person) => (await proposeRunWish(about, wish, { run: about_, person })).id,
      },
      catalogue: { runs: [], models: [], datasets: [], tasks: [] },
      redact: (text) => text,
      wake: () => {
        woken += 1;
      },
    },
  };
}

async function say(role: Role, name: string, options: Record<string, string | number>, subcommand: string | null = null) {
  const command = commands.find(({ definition }) => definition.name === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  return command.respond({ subcommand, options, file: null }, placeOf(role));
}

const beforehand = "sft up to 5 device-hours until 2099-12-01";

describe("/approve beforehand", () => {
  it("is given, answers what it covers, is listed and taken back", async () => {
    const { store, run } = world;
    const trial = await store.trials.create(sampleTrial("k1", { runId: run.id }));
    const estimate = { ...sampleEstimate, deviceHoursP90: 3 };
    const request = { runId: run.id, trial: trial?.number ?? 0, batch: null, key: "k1", estimate, why: "over 1 device-hour" };
    await requestApproval(store, request, now());
    const { text } = await say("approver", "approve", { beforehand });
    expect(text).toContain(
      "Approved beforehand as **scripted.1-s1**: sft up to 5.0 device-hours until 2099-12-01 00:00 UTC. It answers scripted.1-a1.",
    );
    expect(await store.approvals.list(run.id, "pending")).toEqual([]);
    expect((await say("viewer", "approve", { beforehand: "list" })).text).toContain("**scripted.1-s1** sft up to 5.0 device-hours");
    expect((await say("approver", "approve", { revoke: "s1" })).text).toContain("s1 no longer holds");
    expect((await say("viewer", "approve", { beforehand: "list" })).text).toContain("Nothing was approved beforehand");
    expect(woken).toBe(2);
  });

  it("is an approver's, and says what it cannot read", async () => {
    await expect(say("operator", "approve", { beforehand })).rejects.toThrow("may not approve beforehand");
    await expect(say("operator", "approve", { revoke: "s1" })).rejects.toThrow("may not revoke");
    await expect(say("approver", "approve", { beforehand: "sft please" })).rejects.toThrow("no standing approval that I can read");
    expect(await world.store.standingApprovals.list(world.run.id)).toEqual([]);
  });
});

describe("/steer and /run add", () => {
  it("takes a wish back by its number, on a card", async () => {
    const { store, run } = world;
    await store.directives.add(run.id, { author: "ann", text: "prefer sft", body: { kind: "prefer", actionType: "sft" } });
    const { proposal } = await say("operator", "steer", { take_back: 1 });
    expect((await store.proposals.find(proposal ?? ""))?.body).toEqual({ kind: "forget", directive: 1 });
    await expect(say("viewer", "steer", { take_back: 1 })).rejects.toThrow("operator");
    await expect(say("operator", "steer", { take_back: 9 })).rejects.toThrow("No wish 9 holds");
  });

  it("asks what is to join, and leaves it to operators", async () => {
    await expect(say("operator", "run", {}, "add")).rejects.toThrow("Name a model, a dataset or a task");
    await expect(say("viewer", "run", { dataset: "extra" }, "add")).rejects.toThrow("operator");
    await expect(say("operator", "run", { dataset: "extra" }, "add")).rejects.toThrow("join a run by its config");
  });
});
