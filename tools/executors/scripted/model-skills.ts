import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { modelRefSchema } from "../../contract/common.ts";
import { parseContract, sha256 } from "../../jobs/attempt-files.ts";
import type { Landscape } from "./landscape.ts";

type ModelRef = z.infer<typeof modelRefSchema>;

const makingSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("train"),
    key: z.string(),
    parents: z.tuple([modelRefSchema]),
    datasets: z.array(z.string()),
    steps: z.number(),
    isPreference: z.boolean(),
  }),
  z.strictObject({ kind: z.literal("merge"), key: z.string(), parents: z.array(modelRefSchema), weights: z.array(z.number()) }),
]);
/** How a scripted model was made: all that there is of it. */
export type Making = z.infer<typeof makingSchema>;

const makingFile = "making.json";

/** The one file of a scripted model, as replies name it. */
export function makingArtifact(making: Making): { path: string; sha256: string; bytes: number } {
  const content = Buffer.from(JSON.stringify(making));
  return { path: makingFile, sha256: sha256(content), bytes: content.length };
}

/** What scripted models can do. How each was made stands in its directory, so that another process can go on. */
export class ModelSkills {
  readonly #landscape: Landscape;
  readonly #makings = new Map<string, Making | null>();
  readonly #skills = new Map<string, number>();

  constructor(landscape: Landscape) {
    this.#landscape = landscape;
  }

  write(directory: string, making: Making): void {
    writeFileSync(join(directory, makingFile), JSON.stringify(making));
    this.#makings.set(making.key, making);
  }

  /** Chance of a right answer at a task. A model that was not made by a scripted job is a base. */
  skill(model: ModelRef, task: string): number {
    const name = `${model.key} ${task}`;
    const known = this.#skills.get(name);
    if (known !== undefined) return known;
    const making = this.#making(model);
    const skill = making === null ? this.#landscape.base(model.key, task) : this.#made(making, task);
    this.#skills.set(name, skill);
    return skill;
  }

  #made(making: Making, task: string): number {
    if (making.kind === "merge") {
      return this.#landscape.merge({ ...making, parents: making.parents.map((parent) => this.skill(parent, task)) }, task);
    }
    return this.#landscape.train({ ...making, parent: this.skill(making.parents[0], task) }, task);
  }

  #making(model: ModelRef): Making | null {
    const known = this.#makings.get(model.key);
    if (known !== undefined) return known;
    const file = join(model.adapters.at(-1) ?? model.path, makingFile);
    const making = existsSync(file) ? parseContract(readFileSync(file), makingSchema, file) : null;
    this.#makings.set(model.key, making);
    return making;
  }
}
