import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { root } from "./suites.ts";

const resultSchema = z.looseObject({
  name: z.string(),
  date: z.string(),
  value: z.number().nullable(),
  unit: z.string(),
  target: z.string(),
  pass: z.boolean().nullable(),
  machine: z.looseObject({ cpu: z.string(), cores: z.number() }),
});

/** Puts new text between `<!-- name:begin -->` and `<!-- name:end -->`. */
function fill(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < 0) throw new Error(`README.md has no ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`;
}

/** The table of measured figures, from `bench/results`. */
function benchTable(): string {
  const directory = join(root, "bench/results");
  const files = existsSync(directory) ? readdirSync(directory).filter((file) => file.endsWith(".json")) : [];
  const rows = files.toSorted().map((file) => {
    const result = resultSchema.parse(JSON.parse(readFileSync(join(directory, file), "utf8")));
    const outcome = result.pass === null ? "not measured" : result.pass ? "met" : "**not met**";
    return `| \`npm run bench -- ${result.name}\` | ${result.value ?? "–"} ${result.unit} | ${result.target} | ${outcome} | ${result.date.slice(0, 10)} |`;
  });
  return ["| command | measured | target | | on |", "|---|---|---|---|---|", ...rows].join("\n");
}

/** The README with the compiled graph's diagram and the figures of `bench/results`. */
export function updatedReadme(page: string): string {
  const diagram = readFileSync(join(root, "docs/discovery-graph.mmd"), "utf8").trim();
  const drawn = page.replace(/```mermaid\n[\s\S]*?```/, () => `\`\`\`mermaid\n${diagram}\n\`\`\``);
  return fill(drawn, "bench", benchTable());
}

if (import.meta.main) {
  const file = join(root, "README.md");
  writeFileSync(file, updatedReadme(readFileSync(file, "utf8")));
}
