import { describe, expect, it } from "vitest";
import { departureNote, isDeparture } from "#graphs/agents/selector/departure.ts";
import { type Action, fullFidelity } from "#src/action/action.ts";
import type { Candidate, Proposal } from "#src/policy/policy.ts";

const sft = (dataset: string): Action => ({
  type: "sft",
  models: ["m0"],
  datasets: [dataset],
  setting: { max_steps: 80 },
  seed: 0,
  fidelity: fullFidelity,
});
const candidate = (dataset: string, value: number | null): Candidate => ({ action: sft(dataset), value, prediction: null });

function proposal(candidates: Candidate[], changes: Partial<Proposal> = {}): Proposal {
  const [first] = candidates;
  const told = { mode: "exploit", reason: "", chosenBy: "llm", candidatesConsidered: 2, shownOrder: null } as const;
  return { ...told, action: first?.action ?? sft("math"), candidates, evidence: [], effects: [], next: [], notes: [], ...changes };
}

describe("whether a stored proposal departed from the optimiser", () => {
  it.each<[string, Proposal, boolean]>([
    ["a worse candidate before a better one", proposal([candidate("math", 0.4), candidate("trivia", 0.5)]), true],
    ["the model's own objects", proposal([candidate("math", null), candidate("trivia", 0.5)]), true],
    [
      "one of two equals, noted",
      proposal([candidate("math", 0.5), candidate("trivia", 0.5)], { notes: [{ kind: departureNote, detail: "" }] }),
      true,
    ],
    ["the best candidate", proposal([candidate("math", 0.5), candidate("trivia", 0.4)]), false],
    ["the best candidate, named by its objects", proposal([candidate("math", null), candidate("math", 0.5)]), false],
    ["a step of the cold start", proposal([candidate("math", null)]), false],
    ["the optimiser's choice", proposal([candidate("math", 0.4), candidate("trivia", 0.5)], { chosenBy: "lookahead" }), false],
  ])("reads %s", (_, stored, departed) => {
    expect(isDeparture(stored)).toBe(departed);
  });
});
