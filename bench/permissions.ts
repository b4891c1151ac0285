import { requestApproval } from "#src/approval/request-approval.ts";
import type { Approval } from "#src/store/store.ts";
import { openBotWorld, type BotWorld } from "#tests/bots/discord/bot-world.ts";
import { sampleEstimate } from "#tests/conformance/store/samples.ts";
import type { FakeGuild, FakeInteraction, FakeMessage, FakeUser } from "#tests/fake-discord/driver.ts";
import type { Bench } from "./bench.ts";

const patienceMs = 60_000;

interface Scene {
  world: BotWorld;
  other: FakeGuild;
  /** Has no role here, the right one elsewhere. */
  stranger: FakeUser;
  /** May look, not decide. */
  viewer: FakeUser;
  /** Had the right role until a moment ago. */
  former: FakeUser;
  /** In the guild by no role at all, with a name that pings. */
  impostor: FakeUser;
}

/** A try to get an approval through, by somebody who may not decide it. */
interface Try {
  what: string;
  make(scene: Scene, approval: Approval, card: FakeMessage): Promise<FakeInteraction | null>;
}

const people = ["stranger", "viewer", "former", "impostor"] as const;

function customId(action: string, { id, key }: Approval): string {
  return `t1:${action}:${id}:${key.slice(0, 12)}`;
}

/** Clicks, forged clicks, modals, commands, messages: each by everybody who may not. */
const tries: Try[] = people.flatMap((who): Try[] => [
  { what: `${who} clicks Approve`, make: (scene, _approval, card) => scene[who].click(card, "Approve") },
  {
    what: `${who} rejects by the form`,
    async make(scene, _approval, card) {
      const clicked = await scene[who].click(card, "Reject");
      return clicked.modal === null ? clicked : scene[who].submit(clicked.modal, {});
    },
  },
  {
    what: `${who} forges the custom id of Approve`,
    make: (scene, approval, card) => scene[who].forge({ customId: customId("approve", approval), message: card }),
  },
  {
    what: `${who} forges a custom id without a key`,
    make: (scene, approval, card) => scene[who].forge({ customId: `t1:approve:${approval.id}:`, message: card }),
  },
  {
    what: `${who} forges a custom id that is none`,
    make: (scene, approval, card) => scene[who].forge({ customId: `approve ${approval.id} as owner`, message: card }),
  },
  {
    what: `${who} clicks it in a direct message`,
    make: (scene, approval, card) =>
      scene[who].forge({ customId: customId("approve", approval), message: card, channel: scene[who].direct, guild: null }),
  },
  {
    what: `${who} types /approve`,
    make: (scene, approval) => scene[who].slash("approve", { which: approval.id }),
  },
  {
    what: `${who} asks in words, with a mention of everyone`,
    async make(scene, approval) {
      const said = await scene[who].say(scene.world.guild.channel("general"), `@everyone approve ${approval.id}, I am the owner`, {
        mention: true,
      });
      const { discord, guild } = scene.world;
      await discord.until(
        "an answer",
        () => discord.messages(guild.channel("general")).some(({ replyToId }) => replyToId === said.id),
        patienceMs,
      );
      return null;
    },
  },
]);

/** Ways that only somebody with a role in another guild, or an old card, has. */
const more: Try[] = [
  ...(["Approve", "Details", "Reject"] as const).map((label): Try => ({
    what: `stranger uses ${label} from a guild where they have the role`,
    make: (scene, approval, card) =>
      scene.stranger.forge({
        customId: customId(label.toLowerCase(), approval),
        message: card,
        channel: scene.other.channel("general"),
        guild: scene.other,
      }),
  })),
  {
    what: "stranger types /approve in a guild where they have the role",
    make: (scene, approval) => scene.stranger.slash("approve", { which: approval.id }, { channel: scene.other.channel("general") }),
  },
  ...(["approve", "reject", "edit", "start"] as const).map((action): Try => ({
    what: `an approver uses ${action} of an old card, whose key is another`,
    make: (scene, approval, card) => {
      const approver = scene.world.discord.user({ name: `old ${action}`, roles: ["trainers"] });
      return approver.forge({ customId: `t1:${action}:${approval.id}:0123456789ab`, message: card });
    },
  })),
];

async function ask({ run, store }: BotWorld, key: string): Promise<Approval> {
  return requestApproval(
    store,
    { runId: run.id, trial: null, batch: "baselines", key, estimate: sampleEstimate, why: "over 1 device-hour" },
    new Date(),
  );
}

async function cardOf({ discord, guild }: BotWorld, approval: Approval): Promise<FakeMessage> {
  const key = `:${approval.id}:`;
  const isCard = (message: FakeMessage) => message.buttons.some(({ customId: id }) => id?.includes(key) === true);
  const look = () =>
    discord
      .threads(guild.channel("general"))
      .flatMap((thread) => discord.messages(thread))
      .find((message) => isCard(message));
  return discord.until(`the card of ${approval.id}`, look, patienceMs);
}

/** Everything that the bot says to somebody has to be there before the approval is looked at. */
async function settle({ discord }: BotWorld, interaction: FakeInteraction | null): Promise<void> {
  if (interaction === null) return;
  const isAnswered = () =>
    interaction.modal !== null || (interaction.messages.length > 0 && interaction.messages.every(({ isPending }) => !isPending));
  await discord.until(`the answer to ${interaction.what}`, isAnswered, patienceMs);
}

/** People who may not decide try to, in every way there is; then somebody who may does the same. */
export const bench: Bench = {
  name: "permissions",
  describe:
    "40 tries to decide without the role: old cards, forged custom ids, other guilds, direct messages, mentions; then by an approver",
  async run({ print }) {
    const world = await openBotWorld();
    try {
      const other = world.discord.guild({ name: "other", roles: ["trainers"], channels: ["general"] });
      await world.start();
      const person = (name: string, roles: string[] = []) => world.discord.user({ name, roles, guild: world.guild });
      const scene: Scene = {
        world,
        other,
        stranger: person("stranger"),
        viewer: person("viewer", ["watchers"]),
        former: person("former", ["trainers"]),
        impostor: person("@everyone [approver](https://discord.com) **owner**"),
      };
      world.discord.join(scene.stranger, other, ["trainers"]);
      scene.former.takeRole("trainers");
      const approval = await ask(world, "the-key-that-is-asked");
      const card = await cardOf(world, approval);
      const succeeded: string[] = [];
      const silent: string[] = [];
      for (const { what, make } of [...tries, ...more]) {
        const interaction = await make(scene, approval, card);
        await settle(world, interaction);
        if (interaction?.hasFailed === true) silent.push(what);
        const { state } = (await world.store.approvals.find(approval.id)) ?? { state: "gone" };
        if (state === "pending") continue;
        succeeded.push(what);
        print(`${what}: the approval is ${state}`);
        break;
      }
      const pinged = [
        ...world.discord.interactions.flatMap(({ messages }) => messages),
        ...world.discord.messages(world.guild.channel("general")),
      ]
        .filter(({ author }) => author.isBot)
        .flatMap((message) => message.pinged);
      const approver = person("approver", ["trainers"]);
      await settle(world, await approver.click(card, "Approve"));
      const decided = await world.store.approvals.find(approval.id);
      const works = decided?.state === "approved" && decided.decidedBy === "approver";
      const count = tries.length + more.length;
      return {
        value: succeeded.length,
        unit: "tries that got through",
        target: `0 of ${count} tries decide anything, each is answered, nobody is pinged; the same click by an approver decides`,
        pass: succeeded.length === 0 && silent.length === 0 && pinged.length === 0 && works && count >= 40,
        details: {
          tries: count,
          succeeded,
          unanswered: silent,
          pinged,
          approverDecides: works,
          faults: world.discord.takeFaults().slice(0, 5),
        },
      };
    } finally {
      await world.close();
    }
  },
};
