import { markdownCell, markdownTable } from "./markdown-table.ts";
import type { ReportFacts } from "./report-facts.ts";
import {
  answerSentences,
  approvalTable,
  effectTable,
  failureTable,
  finalTable,
  lenientTable,
  limitSentences,
  taskTable,
  windowTable,
} from "./report-sections.ts";

/** The report as Markdown; figures are the PNG files beside it. */
export function renderMarkdown(facts: ReportFacts, figures: ReadonlySet<string>): string {
  const figure = (name: string, alt: string) => (figures.has(name) ? [`![${alt}](${name}.png)`] : []);
  const known = [facts.best, facts.base, ...facts.baselines].flatMap((row) => row ?? []);
  const parts = [
    `# ${facts.run.name}`,
    ...(facts.run.config.goal === "" ? [] : [markdownCell(facts.run.config.goal)]),
    answerSentences(facts).join("\n"),
    ...figure("pipeline-top-1", "the best pipeline"),
    "## Best so far",
    ...figure("best-so-far", "best score so far, with baselines"),
    ...(facts.final.length > 0 ? ["## Final split", markdownTable(finalTable(facts))] : []),
    ...(known.length > 0 ? [`## By task (${facts.basis})`, markdownTable(taskTable(known)), markdownTable(lenientTable(known))] : []),
    ...(facts.windows.length > 0
      ? ["## Per 15 trials", ...figure("windows", "mean, maximum and deviation per 15 trials"), markdownTable(windowTable(facts))]
      : []),
    ...(facts.top.length > 0
      ? [
          "## Top pipelines",
          ...facts.top.flatMap(({ scored }, index) => [
            `### ${scored.label}: ${scored.score.mean.toFixed(3)}`,
            ...figure(`pipeline-top-${index + 1}`, scored.label),
          ]),
        ]
      : []),
    "## What was learnt",
    facts.experience,
    facts.directions,
    ...(facts.effects.length > 0 ? [...figure("effects", "effects with intervals"), markdownTable(effectTable(facts))] : []),
    "## What failed",
    facts.failures.length > 0 ? markdownTable(failureTable(facts)) : "Nothing failed.",
    "## Approvals",
    facts.approvals.length > 0 ? markdownTable(approvalTable(facts)) : "None was needed.",
    "## Replay",
    ...facts.top.slice(0, 1).map(({ recipe }) => `\`\`\`yaml\n${recipe}\n\`\`\``),
    "## Limits of these numbers",
    limitSentences(facts)
      .map((sentence) => `- ${sentence}`)
      .join("\n"),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
