import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { type RunRecord, runRecordSchema } from "./run-record.ts";

/** Runs that are done, one a line, so that a benchmark that was ended goes on where it stopped. */
export class RecordFile {
  readonly #file: string;
  readonly #records: RunRecord[];

  /** A last line that was cut off by a kill counts as not written. */
  constructor(file: string) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
    this.#records = lines.flatMap((line) => readLine(line) ?? []);
  }

  find(experiment: string, arm: string, world: number): RunRecord | null {
    return this.#records.find((record) => record.experiment === experiment && record.arm === arm && record.world === world) ?? null;
  }

  /** Keeps a run that is done. */
  add(record: RunRecord): void {
    this.#records.push(record);
    // A line that a kill cut off must not swallow this one.
    appendFileSync(this.#file, `\n${JSON.stringify(record)}\n`);
  }
}

/** Null for a line that a kill cut off. @throws ZodError for a whole line that is no record. */
function readLine(line: string): RunRecord | null {
  let content: unknown;
  try {
    content = JSON.parse(line);
  } catch {
    return null;
  }
  return runRecordSchema.parse(content);
}
