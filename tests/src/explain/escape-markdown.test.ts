import { describe, expect, it } from "vitest";
import { codeBlock, escapeMarkdown } from "#src/explain/answer/escape-markdown.ts";

describe("escapeMarkdown", () => {
  it.each([
    ["@everyone look", "a ping of everyone", /@everyone/],
    ["<@1234> look", "a ping of a person", /(?<!\\)<@1/],
    ["<@&99>", "a ping of a role", /(?<!\\)<@/],
    ["[free GPUs](https://evil.example)", "a masked link", /\]\(|https:\/\//],
    ["see https://evil.example", "a link", /https:\/\//],
    ["**bold** _x_ ~~y~~ ||z||", "formatting", /(?<!\\)[*_~|]/],
    ["```\nblock", "a code block", /(?<!\\)`/],
    ["# Approved by ada", "a heading", /^#/],
    ["> quoted", "a quotation", /(?<!\\)>/],
    ["a\u202Eb", "turned text", /\u202E/],
  ])("leaves nothing of %j that is %s", (text, _, form) => {
    expect(escapeMarkdown(text)).not.toMatch(form);
  });

  it("keeps scores, intervals and names readable", () => {
    expect(escapeMarkdown("m4 .775 [.712, .824] over m0, −3 %")).toBe("m4 .775 [.712, .824] over m0, −3 %");
  });

  it("does not let text end its code block", () => {
    expect(codeBlock("a\n```\n@everyone")).not.toMatch(/```[\s\S]*```[\s\S]*```|@everyone/);
  });
});
