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
  type Table,
} from "./report-sections.ts";
import type { ReportFigures } from "./write-report.ts";

const style = `
body { font: 15px/1.55 "DejaVu Sans", system-ui, sans-serif; color: #1f2933; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0; } h2 { margin-top: 2.2rem; border-bottom: 1px solid #e4e7eb; padding-bottom: .2rem; }
.goal { color: #52606d; } .answer p { margin: .3rem 0; font-size: 1.05rem; }
table { border-collapse: collapse; margin: .8rem 0; font-size: .9rem; } th, td { text-align: left; padding: .3rem .7rem; border-bottom: 1px solid #e4e7eb; }
th { color: #52606d; font-weight: 600; } td { font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; } svg { max-width: 100%; height: auto; } pre { background: #f5f7fa; padding: .8rem; overflow-x: auto; font-size: .85rem; }
figure { margin: 1rem 0; } figcaption { color: #52606d; font-size: .9rem; }`;

/** Everything that comes from a config, a dataset or a model is data, never markup. */
function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function paragraphs(sentences: readonly string[]): string {
  return sentences.map((sentence) => `<p>${escapeHtml(sentence)}</p>`).join("\n");
}

function cells(row: readonly string[], tag: "th" | "td"): string {
  return row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("");
}

function table(rows: Table): string {
  const [head = [], ...body] = rows;
  return `<div class="scroll"><table><thead><tr>${cells(head, "th")}</tr></thead><tbody>${body.map((row) => `<tr>${cells(row, "td")}</tr>`).join("\n")}</tbody></table></div>`;
}

function figure(svg: string | null, caption: string): string {
  return svg === null ? "" : `<figure>${svg}<figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}

function section(title: string, ...content: string[]): string {
  const body = content.filter((part) => part !== "").join("\n");
  return body === "" ? "" : `<section><h2>${escapeHtml(title)}</h2>\n${body}\n</section>`;
}

/** The report as one HTML file that needs nothing else: figures are inline SVG, no script, no network. */
export function renderHtml(facts: ReportFacts, figures: ReportFigures): string {
  const known = [facts.best, facts.base, ...facts.baselines].flatMap((row) => row ?? []);
  const body = [
    `<h1>${escapeHtml(facts.run.name)}</h1>`,
    `<p class="goal">${escapeHtml(facts.run.config.goal)}</p>`,
    `<div class="answer">${paragraphs(answerSentences(facts))}</div>`,
    section("The pipeline", figure(figures.pipelines[0] ?? null, facts.top[0]?.scored.label ?? "")),
    section("Best so far", figure(figures.bestSoFar, facts.basis)),
    facts.final.length === 0
      ? ""
      : section(
          facts.openings.length > 1 ? `Final split, opened ${facts.openings.length} times` : "Final split, opened once",
          table(finalTable(facts)),
        ),
    known.length === 0 ? "" : section(`By task, ${facts.basis}`, table(taskTable(known)), table(lenientTable(known))),
    facts.windows.length === 0
      ? ""
      : section(
          "Mean, maximum and deviation per 15 chosen trials",
          figure(figures.windows, "as in Fig. 5 of the paper"),
          table(windowTable(facts)),
        ),
    section(
      "Top-1, Top-2, Top-3",
      ...facts.top.map(({ scored }, index) =>
        figure(figures.pipelines[index] ?? null, `${scored.label}: ${scored.score.mean.toFixed(3)} on search`),
      ),
    ),
    section(
      "What was learnt",
      paragraphs([facts.experience, facts.directions].filter((text) => text !== "")),
      figure(figures.effects, ""),
      facts.effects.length === 0 ? "" : table(effectTable(facts)),
    ),
    section("What failed", facts.failures.length === 0 ? "<p>Nothing failed.</p>" : table(failureTable(facts))),
    section("Approvals", facts.approvals.length === 0 ? "<p>None was needed.</p>" : table(approvalTable(facts))),
    section(
      "Replay",
      ...facts.top
        .slice(0, 1)
        .map(
          ({ recipe }) =>
            `<p>Save as recipe.yaml; <code>temper replay recipe.yaml</code> rebuilds it with no agent.</p><pre>${escapeHtml(recipe)}</pre>`,
        ),
    ),
    section("Limits of these numbers", paragraphs(limitSentences(facts))),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(facts.run.name)} · Temper</title><style>${style}</style></head>
<body>
${body.filter((part) => part !== "").join("\n")}
</body></html>
`;
}
