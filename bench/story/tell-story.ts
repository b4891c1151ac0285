import type { FakeChannel, FakeDiscord, FakeGuild, FakeMessage } from "#tests/fake-discord/driver.ts";
import type { StoryTeller } from "./story-teller.ts";

interface Story {
  discord: FakeDiscord;
  guild: FakeGuild;
  teller: StoryTeller;
}

/** A training of the tiny world takes seconds; on a busy machine more. */
const patienceMs = 170_000;

const wordsOf = ({ content, embeds }: FakeMessage) =>
  [content, ...embeds.flatMap(({ title, description }) => [title ?? "", description ?? ""])].join("\n");

const open = (message: FakeMessage, label: string) => message.buttons.some((button) => button.label === label);

/**
 * The whole story in one channel: start by talking, plan, approve, edit, a new best, why, steer, stop, recipe.
 * @returns the recipe.
 */
export async function tellStory({ discord, guild, teller }: Story): Promise<string> {
  const ann = discord.user({ name: "ann", roles: ["trainers"] });
  const general = guild.channel("general");
  const find = (channel: FakeChannel, what: string, is: (message: FakeMessage) => boolean) =>
    discord.until(what, () => discord.messages(channel).find((message) => message.author.isBot && is(message)), patienceMs);

  await ann.say(general, "start a run on three-skills with 12 trials, at most 2 device-hours", { mention: true });
  const plan = await find(general, "the plan", (message) => open(message, "Start"));
  await teller.chapter("plan", plan);
  await ann.click(plan, "Start");
  const thread = await discord.until("the run's thread", () => discord.threads(general)[0], patienceMs);

  const baselines = await find(thread, "the baselines' card", (message) => open(message, "Approve"));
  await teller.chapter("approval of the baselines", baselines);
  await ann.click(baselines, "Approve");
  await discord.until("the card to be rewritten", () => wordsOf(baselines).includes("Approved by ann"), patienceMs);
  await teller.chapter("approved", baselines);

  const first = await find(thread, "the first trial's card", (message) => open(message, "Edit"));
  await teller.chapter("approval of a trial", first);
  const { modal } = await ann.click(first, "Edit");
  if (modal === null) throw new Error("Edit opened no form.");
  await teller.chapter("edit", modal);
  const before = modal.fields[0]?.value ?? "";
  const after = before.includes("max_steps: 80")
    ? before.replace("max_steps: 80", "max_steps: 60")
    : before.replace("max_steps: 20", "max_steps: 60");
  await ann.submit(modal, { settings: after });
  const changed = await find(thread, "the changed card", (message) => message.id !== first.id && open(message, "Edit"));
  await discord.until("the old card to be closed", () => wordsOf(first).includes("Taken back by ann"), patienceMs);
  // Says yes to whatever is asked, until something better than the base is found.
  const clicked = new Set([baselines.id, first.id]);
  const approveNext = () => {
    const card = discord.messages(thread).find((message) => open(message, "Approve") && !clicked.has(message.id));
    if (card === undefined) return;
    clicked.add(card.id);
    void ann.click(card, "Approve");
  };
  await discord.until("the changed card", () => open(changed, "Approve"), patienceMs);
  const best = await discord.until(
    "a new best",
    () => {
      approveNext();
      return discord.messages(thread).find((message) => wordsOf(message).includes("New best"));
    },
    patienceMs,
  );
  await teller.chapter("new best", best);
  const question = await ann.say(thread, "why was this chosen?", { replyTo: best });
  const why = await find(thread, "the answer", (message) => message.replyToId === question.id);
  await teller.chapter("why was this chosen", why);

  const wish = await ann.slash("steer", { wish: "stop using trivia" }, { channel: thread });
  const steer = await find(thread, "the wish's card", (message) => open(message, "Confirm"));
  await ann.click(steer, "Confirm");
  await discord.until("the wish to hold", () => wordsOf(steer).includes("Confirmed by ann"), patienceMs);
  await teller.chapter("steer", steer);
  if (wish.hasFailed) throw new Error("The wish was acknowledged too late.");

  await ann.slash("run stop", { now: true }, { channel: thread });
  const end = await find(thread, "the end", (message) => wordsOf(message).includes("The run stopped"));
  await teller.chapter("the end", end);
  const status = await find(
    thread,
    "the status",
    (message) => wordsOf(message).includes("stopped") && message.embeds[0]?.footer?.text.startsWith("status") === true,
  );
  await teller.chapter("status", status);

  const asked = await ann.slash("recipe", {}, { channel: thread });
  const answer = await discord.until("the recipe", () => asked.messages.find(({ files }) => files.length > 0), patienceMs);
  await teller.chapter("recipe", answer);
  return answer.files[0]?.bytes.toString("utf8") ?? "";
}
