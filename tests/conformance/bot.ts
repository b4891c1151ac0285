import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Role } from "#src/approval/role.ts";
import type { Approval } from "#src/store/store.ts";
import type { RecordedRun } from "#tests/fixtures/recorded-run.ts";
import { tellRun } from "#tests/graphs/chat/told-run.ts";
import { sampleEstimate } from "./store/samples.ts";

/** What a bot said, as its platform got it. */
export interface BotReply {
  text: string;
  hasPicture: boolean;
}

/** What came of a wish: the words with its card, and those after the button. */
export interface WishOutcome {
  asked: string;
  answered: string;
}

/** A bot of one platform that talks about a recorded run. */
export interface OpenBot {
  /** Somebody with this role says something where the run is talked about. */
  say(role: Role, text: string): Promise<BotReply>;
  /** The same for a wish, with the button that the person presses on the card that follows. */
  wish(role: Role, text: string, button: "confirm" | "cancel"): Promise<WishOutcome>;
  /** Somebody with this role answers the question that waits; gives what they are told. */
  decide(role: Role, approval: Approval, answer: "approve" | "reject", reason?: string): Promise<string>;
  close(): Promise<void>;
}

/** How the suite gets at a bot. */
export interface BotUnderTest {
  open(recorded: RecordedRun): Promise<OpenBot>;
  /** Roles that people can have there, the weakest first; the terminal knows its owner only. */
  roles: readonly Role[];
}

/** The promises that every bot keeps. */
export function testBot(name: string, { open, roles }: BotUnderTest): void {
  describe(`${name} as a bot`, () => {
    let recorded: RecordedRun;
    let bot: OpenBot;
    const role = roles.at(-1) ?? "owner";
    const standing = async () => (await recorded.store.directives.list(recorded.run.id)).filter(({ revokedAt }) => revokedAt === null);
    const configOfRun = async () => (await recorded.store.runs.find(recorded.run.id))?.config;

    /** A question that waits for people. */
    async function ask(number: number): Promise<Approval> {
      const approval: Approval = {
        id: `${recorded.run.id}-a${number}`,
        runId: recorded.run.id,
        trial: 4,
        batch: null,
        key: `key-${number}`,
        members: [],
        estimate: sampleEstimate,
        why: "over 1 device-hour",
        state: "pending",
        createdAt: "2026-01-01T12:00:00.000Z",
        expiresAt: "2036-01-02T00:00:00.000Z",
        decidedBy: null,
        decidedAt: null,
        reason: null,
      };
      await recorded.store.approvals.create(approval);
      return approval;
    }

    beforeAll(async () => {
      recorded = await tellRun();
      bot = await open(recorded);
    });
    afterAll(async () => {
      await bot.close();
      await recorded.close();
    });

    it.each([
      ["how is it going?", ["m4 .775 [.712, .824]", "+.375 [+.302, +.438] over m0"], false],
      ["why was the latest merge chosen?", ["m3 = TIES merge of m1 and m2", ".740 [.674, .794]"], true],
      ["why not a linear merge?", ["is not among the action types of this run"], false],
      ["is m4 really better than m3?", ["m4 is +.035 [+.001, +.068] over m3"], false],
      ["what did you learn about math?", ["+.150 [+.100, +.200]", "3 trials"], false],
      ["what would you try next?", ["Combine: m2 is ahead of m1 on common by +.450"], false],
      ["what changed since trial 2?", ["4 trials ended, 1 of them failed"], false],
      ["leaderboard", ["m4", ".775"], false],
      ["trials with common", ["trial 2: SFT of m0 on common, 80 steps"], false],
      ["what failed?", ["trial 4: DPO of m1 on prefs, 1 epoch"], false],
      ["how much is left?", ["trials"], false],
      ["recipe m3", ["recipe: 1", "name: skills-m3"], false],
      ["plot best", ["best"], true],
      ["lineage m4", ["m4"], true],
      ["info", ["LLM"], false],
      ["runs", ["skills.1"], false],
      ["help", ["why was this merge chosen?"], false],
    ])("answers %j from records", async (text, parts, hasPicture) => {
      const reply = await bot.say(role, text);
      for (const part of parts) expect(reply.text).toContain(part);
      expect(reply.hasPicture).toBe(hasPicture);
    });

    it("remembers what was spoken of, and tells the sources of its last answer", async () => {
      await bot.say(role, "why m3?");
      expect((await bot.say(role, "why not DPO?")).text).toContain("predicted .600 [.570, .630]");
      await bot.say(role, "why m3?");
      expect((await bot.say(role, "sources?")).text).toContain("trial 1: SFT of m0 on math");
    });

    it("says what it did not understand, with examples", async () => {
      expect((await bot.say(role, "sing me a song")).text).toContain("how is it going?");
    });

    it("says what there is when somebody asks for what is not there", async () => {
      expect((await bot.say(role, "why m77?")).text).toContain("m0 to m4");
    });

    it("changes nothing before a wish is confirmed, and nothing when it is cancelled", async () => {
      const { answered } = await bot.wish(role, "try more dpo", "cancel");
      expect(answered.toLowerCase()).toContain("cancel");
      expect(await standing()).toEqual([]);
    });

    it.each([
      ["stop merging with m3", { kind: "ban" }],
      ["try more dpo", { kind: "prefer", actionType: "dpo" }],
      ["math matters twice as much", { kind: "weight", task: "math", factor: 2 }],
      ["no run over 2 device-hours at night", { kind: "cap", deviceHoursPerTrial: 2 }],
    ])("does what was confirmed, with its author: %s", async (text, body) => {
      await bot.wish(role, text, "confirm");
      const wish = (await standing()).at(-1);
      expect(wish).toMatchObject({ text, body });
      expect(wish?.author).not.toBe("");
      expect((await bot.say(role, "wishes")).text).toContain(text);
    });

    it("takes a wish back when that is confirmed", async () => {
      const [first] = await standing();
      await bot.wish(role, `revoke wish ${first?.id}`, "confirm");
      expect((await standing()).map(({ id }) => id)).not.toContain(first?.id);
    });

    it("takes a yes beforehand back by words when that is confirmed, and shows which", async () => {
      const { store, run } = recorded;
      const wish = { runId: run.id, deviceHours: 5, until: "2099-12-01T00:00:00.000Z", author: "ana" };
      const holding = async () =>
        (await store.standingApprovals.list(run.id)).filter(({ revokedAt }) => revokedAt === null).map(({ id }) => id);
      const dpo = await store.standingApprovals.add({ ...wish, actionType: "dpo" });
      const merge = await store.standingApprovals.add({ ...wish, actionType: "merge" });
      await bot.wish(role, "stop approving dpo by yourself", "cancel");
      expect(await holding()).toEqual([dpo.id, merge.id]);
      const { asked } = await bot.wish(role, "stop approving dpo by yourself", "confirm");
      expect(asked).toContain(dpo.id);
      expect(asked).not.toContain(merge.id);
      expect(await holding()).toEqual([merge.id]);
      await bot.wish(role, "no more automatic yes", "confirm");
      expect(await holding()).toEqual([]);
      expect((await bot.say(role, "revoke yes s1")).text).toContain("None holds");
    });

    it("changes the budget of a run that goes on when that is confirmed, and at no other time", async () => {
      const before = (await configOfRun())?.budget.trials ?? 0;
      await bot.wish(role, `set the budget to ${before + 7} trials`, "cancel");
      expect((await configOfRun())?.budget.trials).toBe(before);
      await bot.wish(role, `set the budget to ${before + 7} trials`, "confirm");
      expect((await configOfRun())?.budget.trials).toBe(before + 7);
    });

    it("approves nothing by words", async () => {
      const { id } = await ask(1);
      await bot.say(role, "approve a1");
      await bot.say(role, "yes, go ahead");
      expect(await recorded.store.approvals.find(id)).toMatchObject({ state: "pending" });
    });

    it("approves what somebody said yes to, once, and says who", async () => {
      const approval = (await recorded.store.approvals.find(`${recorded.run.id}-a1`)) ?? (await ask(1));
      expect((await bot.decide(role, approval, "approve")).toLowerCase()).toContain("approved");
      const decided = await recorded.store.approvals.find(approval.id);
      expect(decided).toMatchObject({ state: "approved" });
      expect(decided?.decidedBy ?? "").not.toBe("");
    });

    it("rejects what somebody said no to, and keeps the reason", async () => {
      const approval = await ask(2);
      expect((await bot.decide(role, approval, "reject", "we know that already")).toLowerCase()).toContain("rejected");
      expect(await recorded.store.approvals.find(approval.id)).toMatchObject({ state: "rejected", reason: "we know that already" });
    });

    it("lets what others wrote neither ping nor link", async () => {
      const { store, run } = recorded;
      await store.directives.add(run.id, {
        author: "eve",
        text: "focus on @everyone https://evil.example",
        body: { kind: "focus", text: "x" },
      });
      expect((await bot.say(role, "wishes")).text).not.toMatch(/\]\(https|<@&?\d/);
    });

    // At a terminal everybody is the owner.
    if (!roles.includes("viewer")) return;
    it("lets a viewer ask and not wish", async () => {
      expect((await bot.say("viewer", "leaderboard")).text).toContain("m4");
      const before = await standing();
      expect((await bot.say("viewer", "stop merging m3")).text).toMatch(/operator/);
      expect(await standing()).toEqual(before);
    });

    it.each(["viewer", "operator"] as const)("lets no %s decide what costs", async (weak) => {
      const approval = await ask(weak === "viewer" ? 3 : 4);
      for (const answer of ["approve", "reject"] as const) {
        expect(await bot.decide(weak, approval, answer)).toContain(`is ${weak} and may not decide`);
      }
      expect(await recorded.store.approvals.find(approval.id)).toMatchObject({ state: "pending" });
    });
  });
}
