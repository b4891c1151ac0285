import { describe, expect, it } from "vitest";
import { commands } from "#bots/discord/commands/commands.ts";
import { parseRunCommand } from "#bots/discord/commands/run.ts";
import { formatCustomId, parseCustomId } from "#bots/discord/interactions/custom-id.ts";
import { formatSettings, readSettings } from "#bots/discord/interactions/settings-text.ts";
import { renderCard } from "#bots/discord/render/render-card.ts";
import { splitText } from "#bots/discord/render/split-text.ts";
import type { Card } from "#src/card/card.ts";

describe("splitting a text into messages", () => {
  it("keeps every piece within Discord's limit and loses no word", () => {
    const text = Array.from({ length: 900 }, (_, index) => `word${index}`).join(" ");
    const pieces = splitText(text);
    expect(pieces.every(({ length }) => length <= 2000)).toBe(true);
    expect(pieces.join(" ")).toBe(text);
  });

  it("closes a code block that is cut, and opens it again", () => {
    const pieces = splitText(`\`\`\`\n${"a line of a table\n".repeat(200)}\`\`\``);
    expect(pieces.length).toBeGreaterThan(1);
    for (const piece of pieces) expect(piece.split("```").length % 2).toBe(1);
  });
});

describe("custom ids", () => {
  it("come back as they were, within 100 characters for the longest run name", () => {
    const id = { action: "approve", subject: `${"a".repeat(60)}.12-a345`, key: "0123456789ab" } as const;
    expect(formatCustomId(id).length).toBeLessThanOrEqual(100);
    expect(parseCustomId(formatCustomId(id))).toEqual(id);
  });

  it.each(["", "approve", "t1:grant:p1:", "t2:approve:p1:", "t1:approve:a b:", "t1:approve:p1:0123456789abcdef"])(
    "are refused: %s",
    (text) => {
      expect(parseCustomId(text)).toBeNull();
    },
  );
});

describe("settings as text", () => {
  it("gives what a person changed and nothing else", () => {
    const setting = { max_steps: 80, learning_rate: 0.001, weights: [1, 2] };
    expect(formatSettings(setting)).toBe("max_steps: 80\nlearning_rate: 0.001\nweights: 1, 2");
    expect(readSettings("max_steps: 60\nlearning_rate: 0.001\n", setting)).toEqual({ max_steps: "60" });
    expect(() => readSettings("more steps", setting)).toThrow("is no setting");
  });
});

describe("/run", () => {
  it.each([
    [{ subcommand: "list", options: {}, file: null }, { kind: "list" }],
    [
      { subcommand: "stop", options: { now: true }, file: null },
      { kind: "stop", run: null, now: true },
    ],
    [
      { subcommand: "pause", options: { run: " demo " }, file: null },
      { kind: "pause", run: "demo" },
    ],
    [
      { subcommand: "start", options: { config: "three-skills", trials: 40 }, file: null },
      { kind: "start", config: "three-skills", file: null, trials: 40, steps: null, deviceHours: null, name: null },
    ],
  ])("reads %o", (input, ask) => {
    expect(parseRunCommand(input)).toEqual(ask);
  });
});

it("describes every command and option within Discord's limits", () => {
  for (const { definition } of commands) {
    expect(definition.description.length).toBeLessThanOrEqual(100);
    for (const option of definition.options ?? []) expect(option.description.length).toBeLessThanOrEqual(100);
  }
});

it("shows hostile texts on a card as they are, and fits them in", () => {
  const card: Card = {
    kind: "approval",
    subject: "r.1-a1",
    title: "**Approved** by @everyone [click](https://x.test)",
    text: "`".repeat(9000),
    fields: Array.from({ length: 30 }, (_, index) => ({ name: `f${index}`, value: "<@1> ".repeat(500) })),
    graph: null,
    footer: null,
    expiresAt: "2026-01-01T00:00:00.000Z",
    state: "open",
    outcome: null,
    buttons: [{ action: "approve", label: "Approve", style: "primary" }],
  };
  const [embed] = renderCard(card, { subject: "r.1-a1", key: "abc", picture: null }).embeds;
  expect(embed?.title).not.toContain("**Approved**");
  expect(embed?.title).not.toContain("@everyone");
  const texts = [
    embed?.title ?? "",
    embed?.description ?? "",
    embed?.footer?.text ?? "",
    ...(embed?.fields ?? []).flatMap(({ name, value }) => [name, value]),
  ];
  expect(texts.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(6000);
  expect(embed?.fields?.every(({ value }) => value.length <= 1024)).toBe(true);
});
