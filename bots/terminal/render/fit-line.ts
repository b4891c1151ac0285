import { cellWidth } from "./table.ts";

/** Cuts a line to a width, with `…` where something was left out: a line that wraps would break a block that is redrawn. */
export function fitLine(line: string, columns: number): string {
  if (cellWidth(line) <= columns) return line;
  let kept = "";
  for (const character of line) {
    if (cellWidth(kept) + cellWidth(character) > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
