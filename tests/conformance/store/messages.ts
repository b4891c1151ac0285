import { describe, expect, it } from "vitest";
import type { StoreBackend } from "./backend.ts";
import { sampleTime } from "./samples.ts";
import { useStore } from "./use-store.ts";

const run = "three-skills.1";
const card = { platform: "discord", kind: "approval", subject: "three-skills.1-a1", runId: run, channel: "100", nonce: "n1" } as const;

export function describeMessages(backend: StoreBackend) {
  describe("messages", () => {
    const opened = useStore(backend);

    it("notes a subject once, also when two notes race, and keeps the first", async () => {
      const { messages } = opened.store;
      const other = (await opened.another()).messages;
      const both = await Promise.all([messages.reserve(card), other.reserve({ ...card, nonce: "n2", channel: "200" })]);
      expect(new Set(both.map(({ nonce }) => nonce)).size).toBe(1);
      expect(await messages.list("discord", "approval")).toEqual([both[0]]);
      expect(both[0]).toMatchObject({ message: null, shown: null, state: "open", lastEvent: 0, createdAt: sampleTime });
    });

    it("finds what a message shows, and what is still open", async () => {
      const { messages } = opened.store;
      await messages.reserve(card);
      await messages.reserve({ ...card, subject: "three-skills.1-a2", nonce: "n2" });
      await messages.update(card, { message: "900", shown: "abc", state: "settled" });
      expect(await messages.ofMessage("discord", "900")).toMatchObject({ subject: card.subject, shown: "abc", state: "settled" });
      expect(await messages.ofMessage("web", "900")).toBeNull();
      expect((await messages.list("discord", "approval", "open")).map(({ subject }) => subject)).toEqual(["three-skills.1-a2"]);
      expect(await messages.list("discord", "status")).toEqual([]);
    });

    it("knows the run that lives in a channel, until the channel is gone", async () => {
      const { messages } = opened.store;
      const thread = { ...card, kind: "thread", subject: run } as const;
      await messages.reserve(thread);
      await messages.reserve(card);
      expect(await messages.threadIn("discord", "100")).toMatchObject({ kind: "thread", subject: run });
      await messages.update(thread, { lastEvent: 12_345, channel: "300" });
      expect(await messages.threadIn("discord", "100")).toBeNull();
      expect(await messages.threadIn("discord", "300")).toMatchObject({ lastEvent: 12_345 });
      await messages.update(thread, { state: "gone" });
      expect(await messages.threadIn("discord", "300")).toBeNull();
    });

    it("lets go of everything in a channel that was deleted, and of nothing else", async () => {
      const { messages } = opened.store;
      await messages.reserve(card);
      await messages.reserve({ ...card, kind: "status", subject: run, channel: "200" });
      await messages.closeChannel("discord", "100");
      expect(await messages.find("discord", "approval", card.subject)).toMatchObject({ state: "gone" });
      expect(await messages.find("discord", "status", run)).toMatchObject({ state: "open" });
    });

    it("keeps an answer as it is until all of it is posted", async () => {
      const { messages } = opened.store;
      const reply = { ...card, kind: "reply", subject: "500" } as const;
      expect(await messages.reserve(reply)).toMatchObject({ answer: null });
      const answer = { text: "`[1]` \u0000 é \n**m3**", picture: { dot: "digraph { a -> b }" }, proposal: "p1" };
      await messages.update(reply, { answer });
      await messages.update(reply, { message: "900" });
      expect(await messages.list("discord", "reply", "open")).toMatchObject([{ answer, message: "900" }]);
      expect(await messages.reserve(reply)).toMatchObject({ answer });
      await messages.update(reply, { answer: null, state: "settled" });
      expect(await messages.find("discord", "reply", "500")).toMatchObject({ answer: null, state: "settled" });
    });

    it("keeps what belongs to no run yet", async () => {
      const { messages } = opened.store;
      const plan = { ...card, kind: "proposal", subject: "p1", runId: null } as const;
      await messages.reserve(plan);
      await messages.update(plan, { runId: run });
      expect(await messages.find("discord", "proposal", "p1")).toMatchObject({ runId: run });
      expect(await messages.find("discord", "proposal", "p2")).toBeNull();
    });
  });
}
