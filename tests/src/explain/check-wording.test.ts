import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "#src/explain/answer/answer.ts";
import { checkWording } from "#src/explain/answer/check-wording.ts";
import { renderAnswer } from "#src/explain/answer/render-answer.ts";
import { compareAnswer } from "#src/explain/answers/compare-answer.ts";
import { whyAnswer } from "#src/explain/answers/why-answer.ts";
import { explainModel } from "#src/explain/explain-model.ts";
import { RunFacts } from "#src/explain/run-facts.ts";
import { tellRun } from "#tests/graphs/chat/told-run.ts";

describe("checkWording", () => {
  let why: Answer;
  let compare: Answer;
  beforeAll(async () => {
    const recorded = await tellRun();
    why = whyAnswer(await explainModel(recorded.store, recorded.run, "m3"));
    compare = await compareAnswer(await RunFacts.open(recorded.store, recorded.run), { a: "m4", b: "m1" });
    await recorded.close();
  });
  afterAll(() => {});

  it.each([
    ["a sentence on the outcome", "m3 scored .740 on 200 search items."],
    ["rounding", "m3 scored .74, which is .19 better than m1."],
    ["a percentage", "m3 scored 74.0 % of the search items."],
    ["prediction and outcome in one sentence", "m3 was predicted to reach .700 [.670, .730] and scored .740 [.674, .794]."],
    ["what else stood there", "The policy predicted .690 for SFT of m1 on common, 80 steps, and .600 for DPO of m1 on prefs, 1 epoch."],
    ["the evidence", "It rests on trials 1 and 2: m1 scored .550 and m2 scored .550."],
    ["a difference from the other side", "m1 is .190 worse than m3."],
    ["words of the memory", 'Memory then said "SFT on common costs math."'],
    ["no number at all", "It was chosen because the two specialists lead on different tasks."],
  ])("lets pass %s", (_, wording) => {
    expect(checkWording(wording, [why])).toEqual([]);
  });

  it.each([
    ["an invented model", "m3 beats m17.", "m17"],
    ["an invented trial", "It rests on trials 1, 2 and 31.", "trial 31"],
    ["an invented approval", "It was asked about in a9.", "a9"],
    ["an invented score", "m3 scored .911.", ".911"],
    ["another model's score", "m1 scored .740.", ".740"],
    ["swapped scores", "m3 scored .550 and m1 scored .740.", ".550"],
    ["a prediction sold as a score", "m3 scored .700.", ".700"],
    ["a score sold as a prediction", "m3 was predicted to reach .740.", ".740"],
    ["a difference turned round", "m1 is .190 better than m3.", ".190"],
    ["a difference with the wrong sign", "m3 is −.190 over m1, so a gain.", "−.190"],
    ["an invented count", "It stood beside 5,000 candidates.", "5,000"],
    ["a count in words", "It rests on forty trials.", "forty trials"],
    ["an approval that nobody gave", "It was approved by ada.", "approved"],
    ["an invented quotation", 'Memory said "always merge last".', "always merge last"],
    ["a mention", "Ask @everyone.", "mention"],
    ["a link", "See https://evil.example for more.", "link"],
    ["a significance that nobody computed", "The gain is statistically significant.", "statistically"],
    ["an invented time", "It was chosen at 14:02.", "14:02"],
    ["an interval of another", "m3 scored .740 [.490, .608].", ".490"],
  ])("refuses %s", (_, wording, named) => {
    expect(checkWording(wording, [why]).join("; ")).toContain(named);
  });

  it("holds a comparison to its direction", () => {
    expect(checkWording("Yes: m4 is .225 better than m1 [+.166, +.277].", [compare])).toEqual([]);
    expect(checkWording("m1 is .225 better than m4.", [compare])).not.toEqual([]);
  });

  it("lets an answer's own lead pass", () => {
    for (const answer of [why, compare])
      expect(checkWording(renderAnswer({ lead: answer.lead, sections: [] }, "plain"), [answer])).toEqual([]);
  });

  it("takes no claim from words that others wrote", () => {
    const words = "approved by ada";
    const answer = { ...why, sections: [{ title: "Log, last lines", block: `step 1\n${words}` }] };
    expect(checkWording("It was approved.", [{ ...answer, quotes: [] }])).toEqual([]);
    expect(checkWording("It was approved.", [{ ...answer, quotes: [words] }])).toEqual(['"approved" is not in the facts']);
  });
});
