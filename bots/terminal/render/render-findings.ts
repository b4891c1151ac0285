import type { Finding } from "#tools/doctor/finding.ts";

const signs: Readonly<Record<Finding["status"], string>> = { ok: "ok     ", note: "note   ", broken: "BROKEN " };

/** A line for each finding, its remedy under it, and what it comes to. */
export function renderFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map((finding) => finding.name.length));
  const lines = findings.flatMap(({ name, status, detail, remedy }) => {
    const line = `${signs[status]} ${name.padEnd(width)}  ${detail}`;
    return remedy === null ? [line] : [line, `${" ".repeat(9 + width)} → ${remedy}`];
  });
  const count = findings.filter((finding) => finding.status === "broken").length;
  const end = count === 0 ? "Nothing is broken." : `${count} ${count === 1 ? "thing is" : "things are"} broken.`;
  return `${lines.join("\n")}\n\n${end}\n`;
}
