import type { DatasetFormat, Split } from "./objects.ts";
import type { Overlap } from "./overlap.ts";

/** A dataset that a run has already, with what of it stands in the splits of new tasks. */
export interface KnownOverlap {
  id: string;
  rows: number;
  overlap: Overlap;
}

/** What `prepare` says of the objects that a config names: the metrics of its reply, checked at the tool's border. */
export interface PreparedObjects {
  models: {
    id: string;
    key: string;
    path: string;
    architecture: string;
    compatibility: string;
    parameters: number;
    form: "full" | "adapter";
    revision: string | null;
  }[];
  datasets: {
    id: string;
    key: string;
    path: string;
    format: DatasetFormat;
    rows: number;
    skipped_rows: number;
    mean_tokens: number;
    revision: string | null;
    /** Left out by a registration of before it was looked for. */
    overlap?: Overlap;
  }[];
  tasks: {
    id: string;
    key: string;
    path: string;
    items: Record<Split, number>;
    majority: Record<Split, number>;
    longest_answer_tokens: number;
  }[];
  /** What of the datasets that a run had before stands in the splits of tasks that are to join it. */
  known_overlaps?: KnownOverlap[] | undefined;
  /** What makes the registration unusable. */
  problems: { object: string; row: number | null; message: string }[];
}
