import { availableParallelism } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { execa } from "execa";
import { requestApproval } from "#src/approval/request-approval.ts";
import { createRng } from "#src/policy/rng.ts";
import { createRun } from "#src/service/create-run.ts";
import { sampleEstimate } from "#tests/conformance/store/samples.ts";
import type { FakeDiscord, FakeGuild, FakeMessage, FakeUser } from "#tests/fake-discord/driver.ts";
import { startFakeDiscord } from "#tests/fake-discord/start-fake-discord.ts";
import { niceCommand } from "#tools/executors/local/nice-command.ts";
import { openScriptedWorld, preparedObjects, scriptedConfig, type ScriptedWorld } from "#tests/graphs/scripted-world.ts";
import type { Bench } from "./bench.ts";
import { startBot } from "./discord/start-bot.ts";

const runs = 5;
const users = 50;
const patienceMs = 60_000;
const limitMs = 1000;
/** The short form shares its machine with other tests, which are its load; it is held to Discord's own limit. */
const smokeLimitMs = 3000;

/** Jobs that take every core, as trainings on processors do: started as the local executor starts its own. */
function burnProcessors() {
  const [program, ...parameters] = niceCommand(process.execPath);
  return Array.from({ length: availableParallelism() }, () =>
    execa(program, [...parameters, "--eval", "for (;;) Math.sqrt(Math.random())"], { reject: false, stdio: "ignore" }),
  );
}

/** The first run is the world's; the others stand beside it, each with a question that waits. */
async function openRuns({ store, home, run }: ScriptedWorld): Promise<void> {
  const ids = [run.id];
  for (let number = 2; number <= runs; number += 1) {
    const config = scriptedConfig({ name: `scripted-${number}` });
    ids.push((await createRun(store, { config, prepared: preparedObjects(config, home), now: new Date() })).id);
  }
  for (const runId of ids) {
    const question = {
      runId,
      trial: null,
      batch: "baselines",
      key: `key-of-${runId}`,
      estimate: sampleEstimate,
      why: "over 1 device-hour",
    };
    await requestApproval(store, question, new Date());
  }
}

function openCards(discord: FakeDiscord, guild: FakeGuild): FakeMessage[] {
  const messages = discord.threads(guild.channel("general")).flatMap((thread) => discord.messages(thread));
  return messages.filter(({ buttons }) => buttons.some(({ label }) => label === "Details"));
}

/** What one person does, one thing after the other, at moments of their own. */
async function use(user: FakeUser, cards: readonly FakeMessage[], seed: number, spreadMs: number): Promise<void> {
  const rng = createRng(seed, "ack");
  const things = [
    () => user.slash("run status", { run: "scripted" }),
    () => user.autocomplete("run status", { run: "scr" }, "run"),
    () => user.click(rng.pick(cards), "Details"),
    () => user.click(rng.pick(cards), "Reject"),
    () => user.slash("help"),
  ];
  for (const thing of things) {
    await wait(rng.uniform() * spreadMs);
    await thing();
  }
}

/** How soon the bot acknowledges people while every core is busy. */
export const bench: Bench = {
  name: "ack",
  describe: "time to the acknowledgement of interactions: 50 people, 5 runs, every core busy with jobs of the local executor's priority",
  async run({ root, smoke, print }) {
    const world = await openScriptedWorld();
    const discord = await startFakeDiscord();
    const guild = discord.guild({ name: "lab", roles: ["trainers"], channels: ["general"] });
    await openRuns(world);
    const settings = { home: world.home, api: discord.api, token: discord.token, guild: guild.id, channel: guild.channel("general").id };
    const bot = startBot(root, settings);
    const jobs: ReturnType<typeof burnProcessors> = [];
    try {
      await bot.ready;
      const cards = await discord.until(
        "a card for each run",
        () => {
          const found = openCards(discord, guild);
          return found.length === runs ? found : null;
        },
        patienceMs,
      );
      if (!smoke) jobs.push(...burnProcessors());
      const count = smoke ? 10 : users;
      const people = Array.from({ length: count }, (_, index) => discord.user({ name: `user-${index}`, roles: ["trainers"] }));
      await Promise.all(people.map((user, index) => use(user, cards, index, smoke ? 600 : 4000)));
      const late = discord.interactions.filter(({ hasFailed }) => hasFailed).length;
      const times = discord.interactions.flatMap(({ acknowledgedAfterMs }) => (acknowledgedAfterMs === null ? [] : [acknowledgedAfterMs]));
      times.sort((a, b) => a - b);
      const at = (share: number) => Math.round(times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0);
      print(`${times.length} interactions of ${count} people: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ${late} too late`);
      return {
        value: at(0.99),
        unit: "ms (p99)",
        target: `< ${smoke ? smokeLimitMs : limitMs} ms, none after Discord's 3 s`,
        pass: at(0.99) < (smoke ? smokeLimitMs : limitMs) && late === 0,
        details: {
          interactions: discord.interactions.length,
          people: count,
          runs,
          busy: jobs.length,
          p50: at(0.5),
          max: at(1),
          late,
          faults: discord.takeFaults().length,
        },
      };
    } finally {
      for (const job of jobs) job.kill("SIGKILL");
      await Promise.all(jobs);
      await bot.kill();
      await world.close();
      discord.takeFaults();
      await discord.close();
    }
  },
};
