import { answer } from "../answer.ts";
import { defineCommand } from "../command.ts";

const text = `I look for post-training pipelines: what to fine-tune on what, when to use preferences, what to merge. Start a run, and I say what I plan, ask before I spend, and tell why.

**Start** \`/run start\`, or tell me: *start a run on three-skills with 40 trials, at most 6 device-hours*
**See** \`/run status\` \`/run list\` \`/leaderboard\` \`/compare\` \`/plot\` \`/budget\` \`/info\` \`/tail\`
**Ask** \`/why\`, or reply to a card: *why was this chosen? why not DPO? what would you try next?*
**Decide** the buttons of a card, or \`/approve\`; \`/approve beforehand: sft up to 5 device-hours until 2026-12-01\`
**Steer** \`/steer\`: *stop merging with m3 · try more DPO · math matters twice as much · at most 2 device-hours for each trial*
**Add** \`/run add\`, or: *add dataset gsm8k to this run*
**End** \`/run pause\` \`/run resume\` \`/run stop\` \`/cancel\` · **Keep** \`/recipe\`

Mention me, reply to me, or write to me directly to talk in your own words. What changes anything becomes a card first; I never approve anything myself.`;

/** `/help`: what can be asked. */
export const help = defineCommand({
  definition: { name: "help", description: "What Temper can do, with examples" },
  isPrivate: true,
  parse: () => null,
  run: async () => answer(text),
});
