/** A question with what its answer must hold: on the line that carries the label, these words. */
export interface Expected {
  question: string;
  /** What stands at the start of the line: a section's title, or words of the first line. */
  line: string;
  parts: readonly string[];
}

const m3 = {
  question: "",
  line: "Outcome",
  parts: [".740 [.674, .794]", "+.190 [+.134, +.239] over m1", "outside the predicted interval"],
};

/** Sixty questions over the run that `tests/graphs/chat/told-run.ts` tells; what is expected was worked out from its items by hand. */
export const questions: readonly Expected[] = [
  { ...m3, question: "why was m3 chosen?" },
  { ...m3, question: "why was the latest merge chosen?" },
  { ...m3, question: "Why this merge?" },
  { ...m3, question: "explain m3" },
  { ...m3, question: "why trial 3?" },
  { ...m3, question: "how come you chose m3?" },
  { ...m3, question: "what was the reason for the best merge?" },
  { question: "why m3", line: "m3 = TIES merge of m1 and m2", parts: ["trial 3", "Predicted: .700 [.670, .730]", "trials 1 and 2"] },
  {
    question: "tell me about m3",
    line: "What else stood there",
    parts: ["SFT of m1 on common, 80 steps .690 [.660, .720]", "DPO of m1 on prefs, 1 epoch .600 [.570, .630]", "1,102 others"],
  },
  {
    question: "how was m3 made?",
    line: "Evidence",
    parts: ["sft on math +.150 [+.100, +.200] (trial 1)", "trial 1: SFT of m0 on math, 80 steps (m1 .550)", "(m2 .550)"],
  },
  {
    question: "how did you come up with m3?",
    line: "Memory then",
    parts: ["SFT on math lifts math by .400 (trial 1)", "version 1, after trial 2"],
  },
  { question: "what made you choose m3?", line: "Plan then", parts: ["m2 is ahead of m1 on common by +.450 (trials 1 and 2)"] },
  { question: "who approved trial 3?", line: "Approval", parts: ["not needed"] },
  { question: "why the best one?", line: "m4 = SFT of m3 on math, 20 steps", parts: ["trial 5", ".760 [.730, .790]"] },
  { question: "why m4?", line: "Outcome", parts: [".775 [.712, .824]", "+.035 [+.001, +.068] over m3"] },
  {
    question: "why was m4 chosen?",
    line: "What else stood there",
    parts: ["SFT of m1 on common, 80 steps .680 [.650, .710]", "898 others"],
  },
  { question: "why the second best model?", line: "m3 = TIES merge", parts: ["trial 3"] },
  { question: "why m2?", line: "Outcome", parts: [".550", "+.150", "over m0"] },
  { question: "why m1?", line: "m1 = SFT of m0 on math, 80 steps", parts: ["trial 1"] },
  { question: "what is m1?", line: "It is a fixed baseline", parts: ["no policy chose it"] },
  { question: "why tiny?", line: "m0 is the base model tiny", parts: [] },
  { question: "why trial 4?", line: "Outcome", parts: ["failed", "out\\_of\\_memory", "79.1 of 79.6 GiB"] },
  { question: "what became of trial 4?", line: "Trial 4, DPO of m1 on prefs", parts: ["trial 4"] },
  { question: "why the last dpo?", line: "Trial 4, DPO of m1 on prefs", parts: [] },
  { question: "is m4 really better than m3?", line: "Yes: m4 is +.035 [+.001, +.068] over m3", parts: ["200 search items"] },
  { question: "is m4 better than m1?", line: "Yes: m4 is +.225 [+.166, +.277] over m1", parts: [] },
  { question: "does m4 beat m0?", line: "Yes: m4 is +.375 [+.302, +.438] over m0", parts: [] },
  { question: "is m1 better than m3?", line: "No, the other way round: m3 is +.190 [+.134, +.239] over m1", parts: [] },
  { question: "is m2 better than m1?", line: "That is not shown: m2 is +.000", parts: ["tie"] },
  { question: "m3 vs m2", line: "By task", parts: ["math +.430", "common −.050"] },
  { question: "compare m4 with m2", line: "Scores", parts: ["m4 .775 [.712, .824]", "m2 .550"] },
  { question: "how much better is m3 than m0?", line: "Yes: m3 is +.340 [+.268, +.403] over m0", parts: [] },
  { question: "is the best one better than the base?", line: "Yes: m4 is +.375", parts: ["over m0"] },
  { question: "difference between m4 and m3", line: "By task", parts: ["math +.080", "common −.010"] },
  { question: "why not DPO?", line: "Tried", parts: ["trial 4: DPO of m1 on prefs, 1 epoch (out\\_of\\_memory)"] },
  { question: "why not a linear merge?", line: "merge\\_linear is not among the action types", parts: [] },
  {
    question: "why not sft on common?",
    line: "How it was ranked",
    parts: ["SFT of m1 on common, 80 steps: predicted .680 [.650, .710], place 2", "900 candidates"],
  },
  { question: "why didn't you train m1 on common?", line: "How it was ranked", parts: ["predicted .680 [.650, .710]"] },
  { question: "why not m2?", line: "Tried", parts: ["trial 3", "m3 .740"] },
  { question: "what speaks against dpo?", line: "Tried", parts: ["trial 4"] },
  {
    question: "what did you learn about math?",
    line: "On dataset math, it helps",
    parts: ["+.150 [+.100, +.200]", "3 trials", "trials 1 and 3"],
  },
  {
    question: "what did you learn about dataset math?",
    line: "Trials that gained most",
    parts: ["trial 1: SFT of m0 on math, 80 steps (m1 .550, +.150", "trial 5: SFT of m3 on math, 20 steps (m4 .775, +.035"],
  },
  {
    question: "what do you know about common?",
    line: "On dataset common, whether it helps is not clear yet",
    parts: ["−.020 [−.060, +.020]", "trial 2"],
  },
  { question: "what did you learn about prefs?", line: "Failed", parts: ["trial 4: DPO of m1 on prefs, 1 epoch (out\\_of\\_memory)"] },
  { question: "does DPO help?", line: "On dpo, it hurts", parts: ["−.030 [−.050, −.010]"] },
  {
    question: "what have you learned about merges?",
    line: "Trials that gained most",
    parts: ["trial 3: TIES merge of m1 and m2, density 0.5 (m3 .740, +.190"],
  },
  { question: "what did you learn so far?", line: "SFT on math lifts math by .400 (trial 1)", parts: [] },
  { question: "any insights on math?", line: "Memory says", parts: ["Merge m1 and m2, then go on with math"] },
  { question: "what would you try next?", line: "Plan: Combine", parts: ["m2 is ahead of m1 on common by +.450", "trials 1 and 2"] },
  { question: "what's next?", line: "What looks promising", parts: ["Merge m1 and m2, then go on with math"] },
  { question: "any ideas?", line: "Ranked high at trial 5", parts: ["SFT of m1 on common, 80 steps .680 [.650, .710]"] },
  { question: "what changed since yesterday?", line: "Best", parts: ["m4 .775 [.712, .824], +.035 [+.001, +.068] over m3"] },
  { question: "what happened since trial 2?", line: "Since trial 2", parts: ["4 trials ended", "1 of them failed"] },
  { question: "what did I miss?", line: "Trials that ended", parts: ["trial 5: SFT of m3 on math, 20 steps (m4 .775)"] },
  { question: "what changed in the last 2 hours?", line: "Cost of these trials", parts: ["30.0 device-minutes"] },
  { question: "what is the best model?", line: "m4 leads skills with .775 [.712, .824]", parts: ["200 search items"] },
  { question: "how is it going?", line: "Best", parts: ["m4 .775 [.712, .824]", "+.375 [+.302, +.438] over m0"] },
  { question: "what failed?", line: "trial 4: DPO of m1 on prefs", parts: ["out_of_memory"] },
  { question: "which trials used common?", line: "trial 2: SFT of m0 on common, 80 steps (m2 .550)", parts: [] },
  { question: "how do I reproduce m3?", line: "name: skills-m3", parts: [] },
];
