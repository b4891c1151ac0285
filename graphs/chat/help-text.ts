/** What can be said, by topic: told by `help` and when a message was not understood. */
export const helpLines: readonly string[] = [
  "Ask: how is it going? · leaderboard · why was this merge chosen? · why not DPO? · is m17 really better than m9?",
  "Ask: what did you learn about math? · what would you try next? · what changed since yesterday? · sources",
  "See: plot best · plot effects · lineage m24 · recipe m24 · trials with dpo · tail 33 · budget · approvals · wishes · info",
  "Wish: start a run on three-skills with 40 trials · add dataset gsm8k to this run · give it 20 more trials · stop merging with m3 · math matters twice as much · revoke wish 2 · stop approving dpo by yourself · cancel trial 33 · pause · resume · stop",
];

/** A few examples for somebody who was not understood. */
export const exampleQuestions: readonly string[] = [
  "how is it going?",
  "why was the latest merge chosen?",
  "what would you try next?",
  "stop merging with m3",
  "help",
];
