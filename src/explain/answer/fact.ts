/**
 * What a number is a number of. `score` was measured, `prediction` was hoped for, `difference` is between two models,
 * `effect` a mean change over trials, `amount` has a unit (device-hours, trials, items), `setting` is a hyper-parameter,
 * `quoted` stands inside words from a record.
 */
export type FactField = "score" | "prediction" | "difference" | "effect" | "amount" | "setting" | "quoted";

/** A number of an answer with its owner. */
export interface Fact {
  /** What it belongs to: `m24`, `trial 33`, `dataset math`, `run`. Of a difference: the one ahead in the sign's sense first. */
  subjects: string[];
  field: FactField;
  /** Mean, low, high; or the one value. */
  values: number[];
  /** The word that stands beside an amount: `device-hours`, `items`; null for other fields. */
  unit: string | null;
  /** Of a quotation: the words, whose own cues say what the number was. */
  quote: string | null;
}
