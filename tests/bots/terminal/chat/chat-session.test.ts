import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { renderChatText } from "#bots/terminal/chat/render-chat-text.ts";
import type { RecordedRun } from "#tests/fixtures/recorded-run.ts";
import { tellRun } from "#tests/graphs/chat/told-run.ts";
import { RecordingTerminal } from "../recording-terminal.ts";

describe("temper chat", () => {
  let recorded: RecordedRun;
  beforeAll(async () => {
    recorded = await tellRun();
  });
  afterAll(() => recorded.close());

  const at = (person: { answers?: string[]; lines?: string[] } = {}) =>
    new RecordingTerminal({ cwd: recorded.home, env: { NO_COLOR: "1" }, ...person });

  it("answers one question and ends", async () => {
    const { code, out } = await at().run("chat", "why", "m3?", "--home", ".");
    expect(code).toBe(0);
    expect(out).toContain("m3 = TIES merge of m1 and m2, density 0.5, was chosen at trial 3");
    expect(out).toContain("\n  m3 = TIES merge, density 0.5\n  ├ m1");
    expect(out).not.toMatch(/\*\*|```|\\/);
  });

  it("saves pictures and says where", async () => {
    const { out } = await at().run("chat", "lineage", "m4", "--home", ".");
    const path = /Picture {2}(\S+\.png)/.exec(out)?.[1] ?? "";
    expect(existsSync(path), out).toBe(true);
  });

  it("answers plain lines in a pipe, one after the other", async () => {
    const { code, out } = await at({ lines: ["why m3?", "", "why not DPO?", "sing"] }).run("chat", "--home", ".");
    expect(code).toBe(0);
    expect(out).toContain("predicted .600 [.570, .630], place 3");
    expect(out).toContain("I did not understand that.");
    expect(out).not.toContain("you>");
  });

  it("writes one JSON object a line with --json", async () => {
    const { out } = await at({ lines: ["leaderboard", "budget"] }).run("chat", "--json", "--home", ".");
    const replies = out
      .trim()
      .split("\n")
      .map((line) => z.object({ text: z.string(), understood: z.boolean() }).parse(JSON.parse(line)));
    expect(replies.map(({ understood }) => understood)).toEqual([true, true]);
  });

  it("asks by key about what was proposed, and does what was confirmed", async () => {
    const terminal = at({ answers: ["try more dpo", "y", "wishes", "revoke wish 1", "n", "quit"] });
    const { out } = await terminal.run("chat", "--home", ".");
    expect(terminal.questions.filter((question) => question.includes("[y] confirm"))).toHaveLength(2);
    expect(out).toContain("Confirmed: wish 1 holds from the next decision on.");
    expect(out).toContain("Cancelled: nothing was changed.");
    const wishes = await recorded.store.directives.list(recorded.run.id);
    expect(wishes).toMatchObject([{ text: "try more dpo", revokedAt: null }]);
  });

  it("exits with 1 when a single question was not understood", async () => {
    expect((await at().run("chat", "sing", "--home", ".")).code).toBe(1);
  });
});

describe("renderChatText", () => {
  it("lets no control characters of others reach the terminal", () => {
    expect(renderChatText("a\u001B]0;owned\u0007b **c**", { isStyled: false })).toBe("a]0;ownedb c");
  });
});
