import type { DatasetFormat } from "#src/pool/objects.ts";

/** A named thing with the place it comes from: a hub id, a folder, a file or `tiny-world:NAME`. */
export interface NamedPath {
  name: string;
  path: string;
}

export const verifierKinds = ["exact", "number", "choice", "function_call"] as const;
export type VerifierKind = (typeof verifierKinds)[number];

/** What `temper init` has to know. */
export interface InitAnswers {
  name: string;
  goal: string;
  models: NamedPath[];
  /** The format is null where it could not be seen; `prepare` then finds it out. */
  datasets: (NamedPath & { format: DatasetFormat | null })[];
  /** `lm_eval:TASK` as a path means a task of lm-eval. */
  tasks: (NamedPath & { verifier: VerifierKind })[];
  trials: number;
}
