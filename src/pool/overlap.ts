import type { Split } from "./objects.ts";

/** What of a dataset stands in the evaluation splits of the tasks, word for word or by 8-grams: found when it is registered. */
export interface Overlap {
  /** Rows that hold an item of this split, of whichever task; `any` counts a row once. */
  rows: Record<Split | "any", number>;
  found: OverlapPlace[];
  /** JSONL file with every such row, or null when there is none. */
  list: string | null;
}

/** Rows of a dataset that hold items of one split of one task. */
export interface OverlapPlace {
  task: string;
  split: Split;
  rows: number;
  /** Of these, the rows with an item's prompt word for word. */
  exact_rows: number;
  /** Items of the split that stand in some row. */
  items: number;
  /** The closest rows, each with the item it is closest to and the share of the item's n-grams that it holds. */
  examples: { row: number; item: string; similarity: number; exact: boolean; row_text: string; item_text: string }[];
}
