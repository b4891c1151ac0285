import { setTimeout as wait } from "node:timers/promises";
import { requestApproval } from "#src/approval/request-approval.ts";
import { createRng } from "#src/policy/rng.ts";
import { sampleEstimate } from "#tests/conformance/store/samples.ts";
import type { FakeDiscord, FakeGuild, FakeInteraction, FakeMessage, FakeUser } from "#tests/fake-discord/driver.ts";
import { startFakeDiscord } from "#tests/fake-discord/start-fake-discord.ts";
import { openScriptedWorld, type ScriptedWorld } from "#tests/graphs/scripted-world.ts";
import type { Bench } from "./bench.ts";
import type { BotSettings } from "./discord/bot-settings.ts";
import { startBot, type BotProcess } from "./discord/start-bot.ts";

const patienceMs = 120_000;

/** A bot that is always started again. */
class Bot {
  readonly #root: string;
  readonly #settings: BotSettings;
  #process: BotProcess;
  kills = 0;

  constructor(root: string, settings: BotSettings) {
    this.#root = root;
    this.#settings = settings;
    this.#process = startBot(root, settings);
  }

  get ready(): Promise<void> {
    return this.#process.ready;
  }

  /** SIGKILL, wherever it is, and a new start. */
  async kill(): Promise<void> {
    await this.#process.kill();
    this.kills += 1;
    this.#process = startBot(this.#root, this.#settings);
  }

  async end(): Promise<void> {
    await this.#process.kill();
  }
}

interface Stage {
  world: ScriptedWorld;
  discord: FakeDiscord;
  guild: FakeGuild;
  bot: Bot;
  ann: FakeUser;
}

/** All that stands in the guild, threads included. */
function everything({ discord, guild }: Stage): FakeMessage[] {
  const general = guild.channel("general");
  return [general, ...discord.threads(general)].flatMap((channel) => discord.messages(channel));
}

function cardsOf(stage: Stage, id: string): FakeMessage[] {
  return everything(stage).filter(({ author, embeds }) => author.isBot && embeds.some(({ title }) => title?.endsWith(` ${id}`) === true));
}

/** Clicks like a person: when "This interaction failed" shows, again, until the answer is there. */
async function decide(stage: Stage, id: string, card: FakeMessage, answer: "Approve" | "Reject"): Promise<void> {
  const { ann, world, bot } = stage;
  for (;;) {
    const { state } = (await world.store.approvals.find(id)) ?? { state: "gone" };
    if (state !== "pending") return;
    await bot.ready;
    if (!card.buttons.some(({ label }) => label === answer)) {
      // Decided or rewritten at this moment: look again in the store.
      await wait(50);
      continue;
    }
    const clicked = await ann.click(card, answer);
    const last = clicked.modal === null ? clicked : await ann.submit(clicked.modal, { "Why?": `not ${id}` });
    if (!last.hasFailed) await settled(stage, last);
  }
}

/** Waits for the whole of an answer, or until the bot that owed it is gone. */
async function settled({ discord, bot }: Stage, { what, messages }: FakeInteraction): Promise<void> {
  const { kills } = bot;
  await discord.until(`the answer to ${what}`, () => bot.kills > kills || messages.some(({ isPending }) => !isPending), patienceMs);
}

/** Says something and waits for the answer; says it again when nobody showed 👀 and the bot was killed meanwhile. */
async function talk(stage: Stage, text: string): Promise<void> {
  const { ann, bot, discord, guild } = stage;
  const general = guild.channel("general");
  for (;;) {
    await bot.ready;
    const { kills } = bot;
    const said = await ann.say(general, text, { mention: true });
    const isAnswered = () => discord.messages(general).some(({ replyToId }) => replyToId === said.id);
    const isLost = () => bot.kills > kills && said.reactions.length === 0;
    await discord.until(`an answer to "${text}"`, () => isAnswered() || isLost(), patienceMs);
    // 👀 may have been on its way: what was noted is answered after the next start.
    if (isAnswered()) return;
  }
}

/** One question to people: its card, the decision, the card rewritten, some talk. */
async function ask(stage: Stage, number: number): Promise<void> {
  const { world, discord } = stage;
  const question = {
    runId: world.run.id,
    trial: null,
    batch: "baselines",
    key: `key-${number}`,
    estimate: sampleEstimate,
    why: `question ${number}`,
  };
  const { id } = await requestApproval(world.store, question, new Date());
  const card = await discord.until(`the card of ${id}`, () => cardsOf(stage, id)[0], patienceMs);
  const answer = number % 2 === 0 ? "Approve" : "Reject";
  await decide(stage, id, card, answer);
  await discord.until(`the outcome on the card of ${id}`, () => card.buttons.length === 0, patienceMs);
  await talk(stage, `what about question ${number}?`);
}

/** What the story came to, in a form that two tellings can be compared by. */
async function ending(stage: Stage): Promise<string[]> {
  const { world, discord, guild } = stage;
  const approvals = await world.store.approvals.list(world.run.id);
  const said = everything(stage).filter(({ author }) => author.isBot);
  return [
    `${discord.threads(guild.channel("general")).length} thread`,
    `${said.filter(({ embeds }) => embeds.some(({ footer }) => footer?.text.startsWith("status") === true)).length} status message`,
    ...approvals.map(({ id, state, decidedBy }) => {
      const cards = cardsOf(stage, id);
      return `${id} ${state} by ${decidedBy}: ${cards.length} card, ${cards.filter(({ buttons }) => buttons.length > 0).length} open`;
    }),
  ];
}

/** Messages that were answered twice. */
function answeredTwice(stage: Stage): string[] {
  const counts = new Map<string, number>();
  for (const { replyToId } of everything(stage)) if (replyToId !== null) counts.set(replyToId, (counts.get(replyToId) ?? 0) + 1);
  return [...counts].flatMap(([id, count]) => (count > 1 ? [`${stage.discord.message(id).content} was answered ${count} times`] : []));
}

/** Tells the story, killing the bot at the given moments: after so many milliseconds of the n-th question. */
async function tell(root: string, questions: number, moments: readonly number[][]) {
  const world = await openScriptedWorld();
  const discord = await startFakeDiscord();
  const guild = discord.guild({ name: "lab", roles: ["trainers"], channels: ["general"] });
  const settings = { home: world.home, api: discord.api, token: discord.token, guild: guild.id, channel: guild.channel("general").id };
  const stage: Stage = { world, discord, guild, bot: new Bot(root, settings), ann: discord.user({ name: "ann", roles: ["trainers"] }) };
  try {
    await stage.bot.ready;
    await discord.until("the run's thread with its status", () => everything(stage).some(({ embeds }) => embeds.length > 0), patienceMs);
    for (let number = 0; number < questions; number += 1) {
      const asked = ask(stage, number);
      for (const afterMs of moments[number] ?? []) {
        await wait(afterMs);
        await stage.bot.kill();
      }
      await asked;
    }
    await stage.bot.ready;
    return { ending: await ending(stage), twice: answeredTwice(stage), kills: stage.bot.kills, transcript: discord.transcript() };
  } finally {
    await stage.bot.end();
    await world.close();
    discord.takeFaults();
    await discord.close();
  }
}

/** The same story in peace and under fire. */
export const bench: Bench = {
  name: "bot-kills",
  describe: "the Discord bot SIGKILLed at 20 random moments of one story and started again: same end, nothing open, nothing said twice",
  async run({ root, smoke, print }) {
    const kills = smoke ? 3 : 20;
    const questions = smoke ? 3 : 10;
    const rng = createRng(7, "bot-kills");
    const moments = Array.from({ length: questions }, () =>
      Array.from({ length: Math.ceil(kills / questions) }, () => Math.round(rng.uniform() * 2500)),
    );
    const calm = await tell(root, questions, []);
    print(`undisturbed: ${calm.ending.join("; ")}`);
    const war = await tell(root, questions, moments);
    const differences = war.ending.flatMap((line, index) => (line === calm.ending[index] ? [] : [`${line}, not ${calm.ending[index]}`]));
    const problems = [...differences, ...war.twice, ...calm.twice];
    for (const problem of problems.slice(0, 10)) print(problem);
    return {
      value: problems.length,
      unit: "differences and repeats",
      target: `0 after ${kills} kills: same end, no card without an answer, no message twice`,
      pass: problems.length === 0 && war.kills >= kills && calm.ending.length === questions + 2,
      details: { kills: war.kills, questions, ending: war.ending, problems: problems.slice(0, 10) },
    };
  },
};
