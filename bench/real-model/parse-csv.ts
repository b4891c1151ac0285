/** Rows of a CSV text by their column's name. Fields may be quoted, with commas, line breaks and doubled quotes inside. */
export function parseCsv(text: string): Record<string, string>[] {
  const [names = [], ...rows] = records(text);
  return rows.map((fields) => Object.fromEntries(names.map((name, index) => [name, fields[index] ?? ""])));
}

function records(text: string): string[][] {
  const rows: string[][] = [];
  let fields: string[] = [];
  for (const [, quoted, plain = "", end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    fields.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ",") continue;
    if (fields.length > 1 || fields[0] !== "") rows.push(fields);
    fields = [];
  }
  return rows;
}
