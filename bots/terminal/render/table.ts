export interface Column {
  title: string;
  align?: "left" | "right";
}

/** How many terminal cells a text takes: combining marks take none, wide East Asian characters two. */
export function cellWidth(text: string): number {
  let width = 0;
  for (const character of text.normalize("NFC")) {
    if (/\p{Mark}/u.test(character)) continue;
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(character) ? 2 : 1;
  }
  return width;
}

function pad(text: string, width: number, align: "left" | "right"): string {
  const space = " ".repeat(Math.max(0, width - cellWidth(text)));
  return align === "right" ? space + text : text + space;
}

/** Columns side by side, two spaces between, no lines: reads well and survives copying. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, index) => Math.max(cellWidth(column.title), ...rows.map((row) => cellWidth(row[index] ?? ""))));
  const line = (cells: readonly string[]) =>
    columns
      .map((column, index) => pad(cells[index] ?? "", widths[index] ?? 0, column.align ?? "left"))
      .join("  ")
      .trimEnd();
  return `${[line(columns.map((column) => column.title)), ...rows.map(line)].join("\n")}\n`;
}
