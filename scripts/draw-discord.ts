import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { requestApproval } from "#src/approval/request-approval.ts";
import { sampleJob } from "#tests/conformance/store/samples.ts";
import { anAction, aProposal, predicted } from "#tests/fixtures/recorded-run.ts";
import { configText } from "#tests/bots/terminal/scripted-place.ts";
import { openServedBot } from "#tests/bots/discord/open-served-bot.ts";
import { wordsOf } from "#tests/bots/discord/people-in-thread.ts";
import { askedAt, tellRun } from "#tests/graphs/chat/told-run.ts";
import type { FakeMessage, FakeModal } from "#tests/fake-discord/driver.ts";

/** Draws the pictures of docs/discord.md anew: every kind of card, as the bot sends it about a run that is told. */
const folder = join(import.meta.dirname, "../docs/images/discord");
const now = () => new Date(askedAt.getTime() + performance.now());

const recorded = await tellRun();
const { store, run, home } = recorded;
await store.runs.setConfig(run.id, {
  ...run.config,
  budget: { ...run.config.budget, trials: 40, device_hours: 12, usd_per_device_hour: 3.5 },
});
// What the trials cost: without a job they count as answered from the cache.
for (const { number, key } of await store.trials.list(run.id)) {
  const attempt = `${key.slice(0, 8)}-1`;
  await store.jobs.create(sampleJob(attempt, key, { runId: run.id, trial: number, state: "submitted" }));
  await store.jobs.update(attempt, {
    state: "finished",
    outcome: "finished",
    deviceSeconds: 1800,
    wallSeconds: 1800,
    endedAt: now().toISOString(),
  });
}
// The question that waits: a merge of the best two, with what was predicted of it.
const merge = anAction("merge_ties", ["m4", "m2"], [], { density: 0.5 });
const chosen = aProposal(merge, {
  candidates: [
    { action: merge, value: 1, prediction: predicted(0.798) },
    { action: anAction("sft", ["m4"], ["common"], { max_steps: 80 }), value: 0.8, prediction: predicted(0.781) },
  ],
  candidatesConsidered: 1100,
  reason: "m4 is best on math and m2 on common; the one merge of specialists so far kept both (trial 3).",
  evidence: [3, 5],
});
const trial = await recorded.select(merge, "chosen", null, chosen);
await store.trials.update(run.id, trial, { state: "waiting" });
const estimate = {
  deviceHoursP50: 2.6,
  deviceHoursP90: 3.4,
  usdP50: 9.1,
  usdP90: 11.9,
  wallSecondsP90: 12_240,
  basis: "5 finished jobs",
};
const question = await requestApproval(
  store,
  { runId: run.id, trial, batch: null, key: "key-of-the-merge", estimate, why: "over 1 device-hour" },
  now(),
);
writeFileSync(join(home, "three-skills.yaml"), configText({ name: "three-skills", budget: { trials: 100, device_hours: 12 } }));

const bot = await openServedBot({ home, now, server: { catalogue: { runs: { "three-skills": { path: "three-skills.yaml" } } } } });
const { discord, guild, people } = bot;

async function draw(name: string, shown: FakeMessage | FakeMessage[] | FakeModal): Promise<void> {
  writeFileSync(join(folder, `${name}.png`), await discord.picture(shown));
  process.stdout.write(`${name}.png\n`);
}

const has = (words: string) => (message: FakeMessage) => wordsOf(message).includes(words);
const general = guild.channel("general");
const ann = people.person("approver");

await draw(
  "status",
  await people.find(
    "the status",
    (message) => message.embeds[0]?.footer?.text.startsWith("status") === true && has("Best")(message) && message.files.length > 0,
  ),
);

await ann.say(general, "start a run on three-skills with 40 trials, at most 6 device-hours", { mention: true });
const plan = await people.find("the plan", ({ buttons }) => buttons.some(({ label }) => label === "Start"), general);
await draw("plan", plan);

const card = await people.card("Approve", { part: `:${question.id}:` });
await draw("approval", card);
await draw("edit", await people.form("approver", card, "Edit"));
await draw("details", await people.click("approver", card, "Details"));
await people.click("approver", card, "Approve");
await recorded.finish(trial, { math: 88, common: 73 });
await store.trials.update(run.id, trial, { endedAt: now().toISOString(), deviceSeconds: 9700 });
await discord.until(
  "the card to tell the end",
  () => has("Approved by")(card) && card.embeds[0]?.fields?.some(({ name }) => name === "What came of it"),
);
await draw("approved", card);

const why = await people.say("approver", "why m3?");
await draw("why", why);
const leaderboard = await people.answerTo(await ann.slash("leaderboard", {}, { channel: people.channel }));
await draw("leaderboard", leaderboard);

await people.say("approver", "math matters twice as much");
const wish = await people.card("Confirm");
await draw("steer", wish);

const config = "name: mine\nmodels: [gemma]\nexecutor: { kind: slurm }\nbudget: { trails: 40 }\n";
const sent = await ann.say(people.channel, "try this one", { mention: true, files: [{ name: "mine.yaml", content: config }] });
await draw("error", await people.find("the refusal", ({ replyToId }) => replyToId === sent.id));

await draw("new-best", await people.find("a new best", has("New best")));
await bot.close();
await recorded.close();
