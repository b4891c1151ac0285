import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { execa } from "execa";
import { parseRunConfig } from "#src/config/load-run-config.ts";
import { root } from "../scripts/suites.ts";
import { updatedReadme } from "../scripts/update-readme.ts";

const readme = readFileSync(join(root, "README.md"), "utf8");

describe("README.md", () => {
  it("shows the compiled graph and the latest figures", () => {
    expect(updatedReadme(readme)).toBe(readme);
  });

  it("names only commands that exist", async () => {
    const { stdout } = await execa(process.execPath, ["bin/temper.js", "--help"], { cwd: root });
    const commands = [...readme.matchAll(/(?:npx )?temper ([a-z]+)/g)].map((match) => match[1] ?? "");
    expect(commands.length).toBeGreaterThan(5);
    for (const command of new Set(commands)) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, "m"));
  });

  it("names only benchmarks that exist", () => {
    const names = [...readme.matchAll(/npm run bench -- ([a-z0-9-]+)/g)].map((match) => match[1] ?? "");
    for (const name of names) expect(existsSync(join(root, "bench", `${name}.ts`)), name).toBe(true);
  });

  it("links to files that are there", () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1] ?? "");
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) expect(existsSync(join(root, link)), link).toBe(true);
  });

  it("shows a config that is valid but for the files of an imaginary user", () => {
    const yaml = /```yaml\n(name: [\s\S]*?)```/.exec(readme)?.[1] ?? "";
    const problems = (() => {
      try {
        parseRunConfig(yaml, "temper.yaml");
        return "";
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    })();
    for (const line of problems.split("\n").filter((text) => text !== ""))
      expect(line).toMatch(/is not there|no such file|does not exist/i);
  });
});
