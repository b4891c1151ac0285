import type { RunConfig } from "../config/run-config.ts";
import { type PoolDataset, splits } from "./objects.ts";
import type { Overlap, OverlapPlace } from "./overlap.ts";
import type { KnownObjects } from "./known-objects.ts";
import type { PreparedObjects } from "./prepared-objects.ts";

/** What a run makes of the overlaps that were found. */
export interface OverlapVerdict {
  /** Overlaps that refuse the run. */
  problems: PreparedObjects["problems"];
  /** Overlaps that the config allows on record: `on_overlap: warn`. */
  allowed: { dataset: string; text: string }[];
}

const count = (value: number, one: string) => `${value.toLocaleString("en")} ${one}${value === 1 ? "" : "s"}`;

/** `math's final split (5 rows, 4 of them word for word)`. */
function describePlace({ task, split, rows, exact_rows: exact }: OverlapPlace): string {
  const how = exact === rows ? "word for word" : exact === 0 ? "by 8-grams" : `${exact} of them word for word`;
  return `${task}'s ${split} split (${count(rows, "row")}, ${how})`;
}

/**
 * How much of a dataset stands in which splits: `3 of its 250 rows stand in math's final split (…)`. Null when nothing
 * does. Tasks that joined later are told apart: which rows these share with the others is not known.
 */
export function describeOverlap({ rows, overlap, laterOverlaps = [] }: Overlapping): string | null {
  const found = [overlap, ...laterOverlaps].flatMap((each) => each ?? []).filter((each) => each.found.length > 0);
  return found.length === 0 ? null : found.map((each) => describeFound(rows, each)).join("; ");
}

type Overlapping = Pick<PoolDataset, "rows" | "overlap" | "laterOverlaps">;

function describeFound(rows: number, { rows: { any }, found }: Overlap): string {
  const places = found.toSorted((a, b) => splits.indexOf(b.split) - splits.indexOf(a.split) || b.rows - a.rows).map(describePlace);
  return `${any.toLocaleString("en")} of its ${count(rows, "row")} ${any === 1 ? "stands" : "stand"} in ${places.join(", ")}`;
}

/** The closest rows beside their items, a line each. */
function showRows(found: readonly OverlapPlace[]): string {
  return found
    .flatMap(({ task, split, examples }) =>
      examples.map(({ row, item, similarity, exact, row_text: rowText, item_text: itemText }) => {
        const what = exact ? "is" : `holds ${Math.floor(similarity * 100)} % of`;
        return `\n    row ${row} ${what} item ${item} of ${task}'s ${split}: "${rowText}"${exact ? "" : ` | "${itemText}"`}`;
      }),
    )
    .join("");
}

/**
 * Reads what was found of each dataset in the evaluation splits. A row that is an item refuses the run, unless the
 * dataset's `on_overlap` is `warn`; a dataset of nothing but items is refused in any case.
 * @param known the run that these objects join: what of its datasets stands in a new task is judged alike.
 */
export function judgeOverlaps(
  config: Pick<RunConfig, "datasets">,
  prepared: Pick<PreparedObjects, "datasets" | "known_overlaps">,
  known: Pick<KnownObjects, "config"> | null = null,
): OverlapVerdict {
  const verdict: OverlapVerdict = { problems: [], allowed: [] };
  for (const dataset of prepared.datasets) {
    const isWhole = dataset.overlap?.rows.any === dataset.rows;
    const remedy = isWhole
      ? "A dataset that is wholly inside what models are scored on cannot be trained on. Leave it out, or give the task other items."
      : "Take these rows out, or set on_overlap: warn to train on them all the same, on record.";
    judge(verdict, dataset, { isAllowed: !isWhole && config.datasets[dataset.id]?.on_overlap === "warn", remedy });
  }
  for (const dataset of prepared.known_overlaps ?? []) {
    const remedy = "The run trains on this dataset already: give the task that joins other items.";
    judge(verdict, dataset, { isAllowed: known?.config.datasets[dataset.id]?.on_overlap === "warn", remedy });
  }
  return verdict;
}

function judge(
  verdict: OverlapVerdict,
  dataset: { id: string; rows: number; overlap?: Overlap },
  { isAllowed, remedy }: { isAllowed: boolean; remedy: string },
): void {
  const { id, overlap } = dataset;
  const found = describeOverlap(dataset);
  if (overlap === undefined || found === null) return;
  if (isAllowed) {
    verdict.allowed.push({ dataset: id, text: `datasets.${id}: ${found}. on_overlap: warn allows it.` });
    return;
  }
  const list = overlap.list === null ? "" : ` All rows: ${overlap.list}.`;
  const message = `${found}: scores there would show memory, not skill. ${remedy}${list}${showRows(overlap.found)}`;
  verdict.problems.push({ object: `datasets.${id}`, row: overlap.found[0]?.examples[0]?.row ?? null, message });
}
