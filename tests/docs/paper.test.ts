import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { paperPage } from "#src/paper/page.ts";
import { readResults } from "#src/paper/write-page.ts";

const docs = fileURLToPath(new URL("../../docs", import.meta.url));

describe("docs/paper.md", () => {
  it("is what the results beside it come to, with every picture", () => {
    const { markdown, figures } = paperPage(readResults(docs), "paper");
    expect(readFileSync(join(docs, "paper.md"), "utf8")).toBe(markdown);
    expect(figures.length).toBeGreaterThan(0);
    for (const { name } of figures) expect(existsSync(join(docs, "paper", `${name}.png`)), name).toBe(true);
  });
});
