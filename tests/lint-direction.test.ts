import { spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync, copyFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const oxlint = join(root, "node_modules/.bin/oxlint");
const scratch = mkdtempSync(join(tmpdir(), "temper-lint-"));
copyFileSync(join(root, ".oxlintrc.json"), join(scratch, ".oxlintrc.json"));

/** Lints one file with this content at this place of an otherwise empty tree. */
function lint(file: string, content: string): string {
  const path = join(scratch, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  const { stdout, stderr } = spawnSync(oxlint, [file], { cwd: scratch, encoding: "utf8" });
  rmSync(path);
  return stdout + stderr;
}

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("the direction src <- tools <- graphs <- bots", () => {
  it.each([
    ["src/score/x.ts", "#tools/run-job.ts"],
    ["src/score/x.ts", "#graphs/conductor/conductor.ts"],
    ["src/score/x.ts", "../../bots/terminal/main.ts"],
    ["src/score/x.ts", "execa"],
    ["src/score/x.ts", "node:child_process"],
    ["src/score/x.ts", "@langchain/langgraph"],
    ["tools/x.ts", "#graphs/conductor/conductor.ts"],
    ["tools/x.ts", "../bots/terminal/main.ts"],
    ["tools/x.ts", "discord.js"],
    ["graphs/discovery/x.ts", "#bots/terminal/main.ts"],
    ["graphs/discovery/x.ts", "execa"],
    ["graphs/discovery/x.ts", "../../tests/x.ts"],
  ])("refuses an import in %s of %s", (file, specifier) => {
    expect(lint(file, `import { x } from "${specifier}";\nexport const y = x;\n`)).toContain("no-restricted-imports");
  });

  it.each([
    ["tools/x.ts", "#src/errors.ts"],
    ["graphs/discovery/x.ts", "#tools/run-job.ts"],
    ["bots/terminal/x.ts", "#graphs/conductor/conductor.ts"],
  ])("allows an import in %s of %s", (file, specifier) => {
    expect(lint(file, `import { x } from "${specifier}";\nexport const y = x;\n`)).not.toContain("no-restricted-imports");
  });
});
