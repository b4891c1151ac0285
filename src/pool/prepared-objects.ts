import type { DatasetFormat, Split } from "./objects.ts";

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
  }[];
  tasks: {
    id: string;
    key: string;
    path: string;
    items: Record<Split, number>;
    majority: Record<Split, number>;
    longest_answer_tokens: number;
  }[];
  /** What makes the registration unusable. */
  problems: { object: string; row: number | null; message: string }[];
}
