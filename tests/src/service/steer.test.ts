import { describe, expect, it } from "vitest";
import type { DirectiveBody } from "#src/memory/directive.ts";
import { runConfigSchema } from "#src/config/run-config.ts";
import { revokeDirective } from "#src/service/revoke-directive.ts";
import { steer } from "#src/service/steer.ts";
import { sampleModel } from "#tests/conformance/store/samples.ts";
import { useSqliteStore } from "../store/use-sqlite-store.ts";

const readable: [string, DirectiveBody][] = [
  ["ban gsm8k", { kind: "ban", object: "gsm8k" }],
  ["Stop using DPO.", { kind: "ban", actionType: "dpo" }],
  ["stop merging m3", { kind: "ban", combination: { actionType: "merge", object: "m3" } }],
  ["no more ties", { kind: "ban", actionType: "merge_ties" }],
  ["don't use sft on gsm8k", { kind: "ban", combination: { actionType: "sft", object: "gsm8k" } }],
  ["leave out tiny", { kind: "ban", object: "m0" }],
  ["prefer prefs", { kind: "prefer", object: "prefs" }],
  ["try more  dpo on m3", { kind: "prefer", object: "m3", actionType: "dpo" }],
  ["more merges", { kind: "prefer", actionType: "merge" }],
  ["math matters twice as much", { kind: "weight", task: "math", factor: 2 }],
  ["math matters half as much", { kind: "weight", task: "math", factor: 0.5 }],
  ["weight math x3", { kind: "weight", task: "math", factor: 3 }],
  ["weight math 1.5", { kind: "weight", task: "math", factor: 1.5 }],
  ["Math ×2", { kind: "weight", task: "math", factor: 2 }],
  ["math counts 4 times as much", { kind: "weight", task: "math", factor: 4 }],
  ["cap 2 device-hours per trial", { kind: "cap", deviceHoursPerTrial: 2 }],
  ["at most 30 minutes", { kind: "cap", deviceHoursPerTrial: 0.5 }],
  ["limit trials to 1.5 GPU hours from 8:00 to 18:00", { kind: "cap", deviceHoursPerTrial: 1.5, from: "08:00", to: "18:00" }],
  ["no run over 2 GPU-hours at night", { kind: "cap", deviceHoursPerTrial: 2, from: "22:00", to: "06:00" }],
  ["No trainings longer than 30 minutes by day.", { kind: "cap", deviceHoursPerTrial: 0.5, from: "06:00", to: "22:00" }],
  ["nothing over 1 hour between 20 and 7:30", { kind: "cap", deviceHoursPerTrial: 1, from: "20:00", to: "07:30" }],
  ["focus on Short answers", { kind: "focus", text: "Short answers" }],
];

const unreadable: [string, RegExp][] = [
  ["ban gsm9k", /no object or action type "gsm9k"\. Did you mean "gsm8k"\?/],
  ["stop merging m99", /no object or action type "m99"/],
  ["stop using kto", /no object or action type "kto"/],
  ["weight mat x2", /no task "mat"\. Did you mean "math"\?/],
  ["ban gsm8k and prefs", /"prefs" is one more/],
  ["ban the model", /names no object and no action type/],
  ["cap 0 hours", /"0" is no amount of time/],
  ["no run over 2 hours from 25 to 30", /"from 25 to 30" are no hours of a day/],
  ["make it better", /"make it better" is no wish that I can read/],
  ["", /is no wish that I can read/],
];

describe("steer", () => {
  const state = useSqliteStore();
  const say = async (text: string) => {
    await state.store.objects.add(state.run.id, sampleModel("m3"));
    return steer(state.store, state.run, { text, author: "ana" });
  };

  it.each(readable)("reads %j", async (text, body) => {
    expect(await say(text)).toMatchObject({ id: 1, author: "ana", text: text.trim(), body });
  });

  it.each(unreadable)("refuses %j with what was wrong, examples and what there is", async (text, problem) => {
    const steering = say(text);
    await expect(steering).rejects.toThrow(problem);
    await expect(steering).rejects.toThrow(
      /Examples: .*three-skills has datasets gsm8k, prefs; models m0 to m3; action types sft, dpo, merge_ties, merge, preference; tasks math\.$/,
    );
    expect(await state.store.directives.list(state.run.id)).toEqual([]);
  });

  it("refuses to leave no task a weight", async () => {
    await expect(say("math x0")).rejects.toThrow(
      "No task of three-skills would have a weight left. Give another task a weight first: in the config.",
    );
    expect(await state.store.directives.list(state.run.id)).toEqual([]);
  });

  it("names the wishes that took the other tasks' weights", async () => {
    const { math } = state.run.config.tasks;
    const config = runConfigSchema.parse({ ...state.run.config, tasks: { math, code: math } });
    const run = { ...state.run, config };
    await steer(state.store, run, { text: "weight code 0", author: "ana" });
    await expect(steer(state.store, run, { text: "math x0", author: "ana" })).rejects.toThrow(
      'Give another task a weight first: take back wish 1 ("weight code 0").',
    );
    await revokeDirective(state.store, run, { id: 1, author: "ana" });
    expect(await steer(state.store, run, { text: "math x0", author: "ana" })).toMatchObject({ id: 2 });
  });

  it("writes down wishes and their end", async () => {
    await say("prefer prefs");
    await revokeDirective(state.store, state.run, { id: 1, author: "bo" });
    await expect(revokeDirective(state.store, state.run, { id: 1, author: "bo" })).rejects.toThrow("No wish 1 holds in three-skills.");
    expect((await state.store.events.list(state.run.id)).map((event) => event.text)).toEqual([
      'ana asked: "prefer prefs".',
      "bo took back wish 1.",
    ]);
  });
});
