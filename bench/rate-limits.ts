import { openBotWorld, type BotWorld } from "#tests/bots/discord/bot-world.ts";
import type { FakeRequest } from "#tests/fake-discord/driver.ts";
import type { Bench } from "./bench.ts";

const patienceMs = 180_000;
const everyMs = 5000;
/** Requests are seen when they arrive: the way there takes its time. */
const toleranceMs = 250;
const editRoute = "PATCH /channels/:channel/messages/:message";
const postRoute = "POST /channels/:channel/messages";

/** Shortest time between two edits of one message that Discord took, in milliseconds. */
function shortestGap(requests: readonly FakeRequest[]): number {
  const last = new Map<string, number>();
  let shortest = Number.POSITIVE_INFINITY;
  for (const { route, path, status, atMs } of requests) {
    if (route !== editRoute || status !== 200) continue;
    shortest = Math.min(shortest, atMs - (last.get(path) ?? Number.NEGATIVE_INFINITY));
    last.set(path, atMs);
  }
  return shortest;
}

/** Requests that were held up and never came again. */
function dropped(requests: readonly FakeRequest[]): string[] {
  return requests.flatMap(({ status, method, path, body, atMs }) => {
    if (status !== 429) return [];
    const came = requests.some(
      (later) => later.status === 200 && later.method === method && later.path === path && later.atMs > atMs && sameBody(later.body, body),
    );
    return came ? [] : [`${method} ${path}`];
  });
}

function sameBody(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Waits for the run's end, and for the status message to say so. */
async function untilTold({ discord, guild, run, store }: BotWorld): Promise<void> {
  await discord.until(
    "the run's last status",
    () =>
      discord
        .threads(guild.channel("general"))
        .flatMap((thread) => discord.messages(thread))
        .some(({ embeds, content }) => `${content} ${JSON.stringify(embeds)}`.includes("finished")),
    patienceMs,
  );
  const isSettled = async () => (await store.messages.find("discord", "status", run.id))?.state === "settled";
  const started = performance.now();
  while (!(await isSettled())) {
    if (performance.now() - started > patienceMs) throw new Error("The status message was never settled.");
    await discord.until("the next request", () => true);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A run whose status changes all the time, under limits that a test injects. */
export const bench: Bench = {
  name: "rate-limits",
  describe: "a busy run under 429s: how often one message is edited, and whether any request is dropped",
  async run({ smoke, print }) {
    // A minute and a half in the long form: a dozen edits of the status message.
    const trials = smoke ? 12 : 120;
    const limits = smoke ? 6 : 12;
    const leastEdits = smoke ? 1 : 8;
    const world = await openBotWorld({ budget: { trials } });
    const { discord } = world;
    try {
      discord.limit(postRoute, 2, 0.3);
      discord.limit(editRoute, limits, 0.2);
      discord.limit("*", 1, 0.5, true);
      await world.start();
      const conductor = world.conductor({ behaviour: { seconds: () => 0.7 } });
      await conductor.follow(world.run.id);
      await untilTold(world);
      const edits = discord.requests.filter(({ route, status }) => route === editRoute && status === 200);
      const limited = discord.requests.filter(({ status }) => status === 429).length;
      const gap = shortestGap(discord.requests);
      const lost = dropped(discord.requests);
      print(`${edits.length} edits over ${trials} trials, ${limited} requests held up, shortest gap ${Math.round(gap)} ms`);
      return {
        value: lost.length,
        unit: "requests dropped",
        target: `0 dropped under injected 429s; at most one edit per ${everyMs / 1000} s and message`,
        pass: lost.length === 0 && gap >= everyMs - toleranceMs && limited > 0 && edits.length >= leastEdits,
        details: {
          trials,
          edits: edits.length,
          held_up: limited,
          shortest_gap_ms: Math.round(gap),
          dropped: lost,
          faults: discord.takeFaults().length,
        },
      };
    } finally {
      await world.close();
    }
  },
};
