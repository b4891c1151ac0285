import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RecordedRun } from "#tests/fixtures/recorded-run.ts";
import { openChat, said, tellRun } from "./told-run.ts";

describe("the chat without a language model", () => {
  let recorded: RecordedRun;
  beforeAll(async () => {
    recorded = await tellRun();
  });
  afterAll(() => recorded.close());

  it("answers why something was chosen in the stated order, with a picture of the lineage", async () => {
    const { text, picture } = await openChat(recorded).reply(said("why was this merge chosen?"));
    const order = ["m3 = TIES merge of m1 and m2", "What else stood there", "Evidence", "Memory then", "Approval", "Outcome", "Lineage"];
    const places = order.map((part) => text.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThanOrEqual(0);
    expect(text).toContain("Predicted: .700 [.670, .730]");
    expect(text).toContain("SFT of m1 on common, 80 steps .690 [.660, .720]");
    expect(text).toContain(".740 [.674, .794] on 200 search items, +.190 [+.134, +.239] over m1, outside the predicted interval");
    expect(picture).toHaveProperty("dot");
  });

  it.each([
    ["why not DPO?", ["It was tried already", "trial 4: DPO of m1 on prefs, 1 epoch (out\\_of\\_memory)"]],
    ["why not a linear merge?", ["merge\\_linear is not among the action types of this run"]],
    [
      "is m4 really better than m1?",
      ["Yes: m4 is +.225 [+.166, +.277] over m1, paired over 200 search items", "Noise:** not known in this run"],
    ],
    ["is m2 better than m1?", ["not shown", "m2 is +.000", "it is a tie"]],
    ["is m1 better than m3?", ["No, the other way round: m3 is +.190 [+.134, +.239] over m1"]],
    ["is the best one better than the base?", ["Yes: m4 is +.375 [+.302, +.438] over m0"]],
    [
      "what did you learn about math?",
      ["dataset:math +.150 [+.100, +.200] over 3 trials (trials 1 and 3)", "trial 1: SFT of m0 on math, 80 steps (m1 .550, +.150"],
    ],
    [
      "what did you learn about prefs?",
      ["On dataset prefs there is no effect", "trial 4: DPO of m1 on prefs, 1 epoch (out\\_of\\_memory)"],
    ],
    ["what did you learn about DPO?", ["it hurts: type:dpo −.030 [−.050, −.010] over 2 trials"]],
    [
      "what would you try next?",
      [
        "Combine: m2 is ahead of m1 on common by +.450",
        "Merge m1 and m2, then go on with math",
        "SFT of m1 on common, 80 steps .680 [.650, .710]",
      ],
    ],
    [
      "what changed since yesterday?",
      ["1 trial ended", "m4 .775 [.712, .824], +.035 [+.001, +.068] over m3, the best then", "30.0 device-minutes"],
    ],
    ["what happened since trial 2?", ["4 trials ended, 1 of them failed"]],
    ["leaderboard", ["m4 leads skills with .775", " 2  m3   .740 [.674, .794]"]],
    ["trials with common", ["skills has 1 trial with common", "trial 2: SFT of m0 on common, 80 steps (m2 .550)"]],
    ["what failed?", ["trial 4: DPO of m1 on prefs, 1 epoch (out_of_memory)"]],
    ["recipe m3", ["recipe: 1", "name: skills-m3"]],
    ["status", ["m4 .775 [.712, .824] on search, +.375 [+.302, +.438] over m0"]],
    ["what did you learn about frogs?", ['knows nothing called "frogs". It has the datasets math, common, prefs']],
    ["why m77?", ['no model "m77". It has m0 to m4']],
    ["approve a3", ["Nothing waits for an approval"]],
  ])("answers %j from records", async (text, parts) => {
    const reply = await openChat(recorded).reply(said(text));
    for (const part of parts) expect(reply.text).toContain(part);
    expect(reply.understood).toBe(true);
  });

  it.each([
    ["the latest merge", "why was the latest merge chosen?", null, "m3 = TIES merge"],
    ["the best one", "why the best one?", null, "m4 = SFT of m3 on math"],
    ["the second best", "why the second best model?", null, "m3 = TIES merge"],
    ["the best merge", "why was the best merge chosen?", null, "m3 = TIES merge"],
    ["a trial's number", "why trial 4?", null, "Trial 4, DPO of m1 on prefs"],
    ["a base by its name", "why tiny?", null, "m0 is the base model tiny"],
    ["the trial replied to", "why this?", { kind: "trial", id: "2" } as const, "m2 = SFT of m0 on common"],
    ["the model replied to", "why?", { kind: "model", id: "m1" } as const, "m1 = SFT of m0 on math"],
    ["the latest DPO", "why the last dpo?", null, "Trial 4, DPO of m1 on prefs"],
  ])("knows %s", async (_, text, replyTo, lead) => {
    const reply = await openChat(recorded).reply(said(text, { replyTo }));
    expect(reply.text).toContain(lead);
  });

  it("remembers in a thread what was spoken of, and tells the sources of the last answer", async () => {
    const chat = openChat(recorded);
    await chat.reply(said("why m3?"));
    expect((await chat.reply(said("why not DPO?"))).text).toContain("predicted .600 [.570, .630], place 3");
    expect((await chat.reply(said("is it better than m2?"))).text).toContain("Yes: m3");
    await chat.reply(said("why m3?"));
    const { text } = await chat.reply(said("sources?"));
    for (const source of ["decision 2", "memory 1", "plan 1", "trial 1: SFT of m0 on math", "evaluation m3"])
      expect(text).toContain(source);
    expect((await chat.reply(said("sources?", { thread: "chat:terminal:other" }))).text).toContain("rests on no record");
  });

  it("says what it did not understand, with examples", async () => {
    const reply = await openChat(recorded).reply(said("sing a song"));
    expect(reply).toMatchObject({ understood: false, proposal: null });
    expect(reply.text).toContain('Try "how is it going?"');
  });

  it("lets a viewer ask and not wish", async () => {
    const viewer = { platform: "discord", id: "7", name: "eve", role: "viewer" } as const;
    const chat = openChat(recorded);
    expect((await chat.reply(said("stop merging m3", { person: viewer }))).text).toContain("takes the role of an operator");
    expect((await chat.reply(said("leaderboard", { person: viewer }))).text).toContain("m4 leads");
  });

  it("keeps a thread's checkpoints few", async () => {
    const { MemorySaver } = await import("@langchain/langgraph");
    const checkpointer = new MemorySaver();
    const chat = openChat(recorded, { checkpointer });
    for (let count = 0; count < 41; count++) await chat.reply(said("help"));
    const kept = [];
    for await (const checkpoint of checkpointer.list({ configurable: { thread_id: "chat:terminal:test" } })) kept.push(checkpoint);
    expect(kept.length).toBeLessThan(25);
    await chat.reply(said("why m3?"));
    expect((await chat.reply(said("why not DPO?"))).text).toContain("at trial 3");
  });
});
