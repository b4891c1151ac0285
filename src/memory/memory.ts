/**
 * Effect of a kind of action on the aggregate score (child minus the mean of its parents), from finished trials.
 * `low` and `high` bound the mean with 95 % (Student's t); equal to `mean` while there is one trial.
 */
export interface Effect {
  /** What is counted, such as `type:sft`, `dataset:gsm8k`, `parent:m4`, `sft × gsm8k`. */
  name: string;
  count: number;
  mean: number;
  low: number;
  high: number;
  /** The latest trials it rests on, at most 10. */
  trials: number[];
  /** Mean change by task. */
  tasks: Record<string, number>;
}

/** One version of a run's memory: the paper's prose and the structured half. Its size does not grow with the number of trials. */
export interface MemoryVersion {
  version: number;
  /** The trial that this version was written after. */
  trial: number;
  /** Summary of experience (paper, Fig. 2); at most 1,200 characters. */
  experience: string;
  /** Promising directions (paper, Fig. 2); at most 800 characters. */
  directions: string;
  /** What the last trial taught, one sentence. */
  lesson: string;
  /** At most 60, those with the most trials. */
  effects: Effect[];
  failures: { reason: string; count: number; trials: number[] }[];
  /** `rules` or the LLM's model name. */
  by: string;
}
