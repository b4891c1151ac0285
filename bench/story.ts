import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { RecordingTerminal } from "#tests/bots/terminal/recording-terminal.ts";
import { startFakeDiscord } from "#tests/fake-discord/start-fake-discord.ts";
import type { Bench } from "./bench.ts";
import { writeStoryHome } from "./story/story-home.ts";
import { StoryTeller } from "./story/story-teller.ts";
import { tellStory } from "./story/tell-story.ts";

const mostSeconds = 180;

/** The product as people see it first: `temper serve`, a fake Discord, real trainings on the tiny world. */
export const bench: Bench = {
  name: "story",
  describe: "from 'start a run' in Discord to the recipe: plan, approve, edit, new best, why, steer, stop; real trainings",
  async run({ root, scratch, smoke, print }) {
    const pictures = smoke ? join(scratch, "pictures") : join(root, "bench", "results", "story");
    mkdirSync(pictures, { recursive: true });
    const discord = await startFakeDiscord();
    const guild = discord.guild({ name: "lab", roles: ["trainers", "watchers"], channels: ["general"] });
    const home = join(scratch, "home");
    writeStoryHome({ root, directory: home, guild: guild.id, trials: 12 });
    const env = { DISCORD_TOKEN: discord.token, TEMPER_DISCORD_API: discord.api, OMP_NUM_THREADS: "1" };
    const terminal = new RecordingTerminal({ cwd: home, env });
    const served = terminal.run("serve", "--offline");
    const teller = new StoryTeller(discord, pictures, print);
    let recipe = "";
    try {
      await discord.until("the bot", () => discord.connected > 0, 60_000);
      recipe = await tellStory({ discord, guild, teller });
    } finally {
      teller.keepTranscript();
      terminal.interrupt();
      terminal.interrupt();
      const { err } = await served;
      if (recipe === "") print(err);
    }
    const { seconds, chapters } = teller;
    const faults = discord.takeFaults();
    await discord.close();
    return {
      value: seconds,
      unit: "s",
      target: `the whole story in at most ${mostSeconds} s, and nothing that Discord would refuse`,
      pass: recipe.includes("steps:") && seconds <= mostSeconds && faults.length === 0,
      details: {
        chapters: chapters.map(({ chapter, seconds: at }) => `${chapter} ${at} s`),
        faults,
        pictures: smoke ? "kept while it fails" : "bench/results/story",
      },
    };
  },
};
