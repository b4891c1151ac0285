import type { PreparedObjects } from "#src/pool/prepared-objects.ts";
import { describeOverlap } from "#src/pool/overlap-gate.ts";
import { renderTable } from "./table.ts";

/** `datasets.gsm8k  row 212 of data/gsm8k.jsonl has no "answer" …` */
export function problemLines({ problems }: PreparedObjects): string[] {
  return problems.map(({ object, message }) => `${object}  ${message}`);
}

function millions(parameters: number): string {
  return parameters >= 1e6 ? `${(parameters / 1e6).toFixed(1)} M` : `${Math.round(parameters / 1e3)} k`;
}

/** What was registered: sizes and formats. */
export function renderPrepared({ models, datasets, tasks }: PreparedObjects): string {
  const rows = [
    ...models.map((model) => ["model", model.id, `${millions(model.parameters)} parameters, ${model.architecture}`]),
    ...datasets.map((data) => {
      const skipped = data.skipped_rows > 0 ? `, ${data.skipped_rows} bad rows left out` : "";
      const overlap = describeOverlap(data) ?? "no row in a split of a task";
      return [
        "data",
        data.id,
        `${data.rows.toLocaleString("en")} rows, ${data.format}, ${data.mean_tokens.toFixed(0)} tokens each${skipped}; ${overlap}`,
      ];
    }),
    ...tasks.map(({ id, items, majority }) => {
      const guess = `always guessing the commonest answer gives ${majority.search.toFixed(2)}`;
      return ["task", id, `${items.search} search, ${items.confirm} confirm, ${items.final} final items; ${guess}`];
    }),
  ];
  return renderTable([{ title: "" }, { title: "name" }, { title: "what" }], rows);
}
