import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TaskResult } from "../../contract/evaluate.ts";
import type { JobRequest } from "../../contract/job.ts";
import { contractSchemas } from "../../contract/schemas.ts";
import { parseContract } from "../../jobs/attempt-files.ts";
import { answerPrepare } from "./answer-prepare.ts";
import type { Landscape } from "./landscape.ts";
import { type Making, makingArtifact, ModelSkills } from "./model-skills.ts";

type Step = JobRequest["steps"][number];

/** Items of a task whose items file is not there. */
const defaultItems = 200;
/** Steps of a training that counts in epochs. */
const defaultSteps = 80;

/** The part of every scripted reply that says nothing. */
export const emptyEnvelope = {
  artifacts: [],
  settings_used: {},
  warnings: [],
  wall_seconds: 0,
  device_seconds: 0,
  cpu_seconds: 0,
  peak_memory_mib: 1,
  versions: { scripted: "1" },
};

/** Answers requests from a landscape, in real files. */
export class StepAnswerer {
  readonly #landscape: Landscape;
  readonly #skills: ModelSkills;
  readonly #itemCounts = new Map<string, number>();

  constructor(landscape: Landscape) {
    this.#landscape = landscape;
    this.#skills = new ModelSkills(landscape);
  }

  /** Writes `result.json` and returns it; `publish` says whether a model that was made becomes visible. */
  answer(step: Step, publish: boolean): string {
    const file = join(step.directory, "request.json");
    const content = readFileSync(file);
    if (step.script === "prepare") {
      return this.#write(step, answerPrepare(parseContract(content, contractSchemas["prepare.request"], file).inputs));
    }
    if (step.script === "evaluate") return this.#write(step, this.#evaluate(content, file));
    const { making, steps } = readMaking(step, content, file);
    const text = this.#write(step, this.#train(making, steps), [makingArtifact(making)]);
    if (publish && step.publish_to !== null) this.#publish(step.publish_to, making, text);
    return text;
  }

  #write(step: Step, metrics: object, artifacts: object[] = []): string {
    const text = `${JSON.stringify({ status: "ok", metrics, ...emptyEnvelope, artifacts })}\n`;
    writeFileSync(join(step.directory, "result.json"), text);
    return text;
  }

  #evaluate(content: Buffer, file: string) {
    const { inputs } = parseContract(content, contractSchemas["evaluate.request"], file);
    const tasks = inputs.tasks.map((task): TaskResult => {
      const skill = this.#skills.skill(inputs.model, task.id);
      // Each split has items of its own: a choice on one says nothing of luck on another.
      const strict = this.#landscape.outcomes(skill, inputs.model.key, `${task.key} ${inputs.split}`, this.#itemsOf(task.items_path));
      return {
        id: task.id,
        key: task.key,
        items: strict.length,
        strict,
        lenient: strict,
        majority: 0.1,
        hit_token_limit: 0,
        empty: 0,
        most_common_output: 0.1,
        mean_output_tokens: 4,
        output_tokens: { median: 4, p90: 6 },
      };
    });
    return { tasks };
  }

  #train(making: Making, steps: number) {
    return {
      steps,
      tokens: steps * 1000,
      train_loss_first: steps === 0 ? null : 2,
      train_loss_last: steps === 0 ? null : 1,
      weight_change: 0.01,
      parameters: 1000,
      trainable_parameters: 1000,
      form: "full",
      model_hash: createHash("sha256").update(JSON.stringify(making)).digest("hex"),
    };
  }

  #itemsOf(path: string): number {
    const known = this.#itemCounts.get(path);
    if (known !== undefined) return known;
    const lines = existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n").length : defaultItems;
    this.#itemCounts.set(path, lines);
    return lines;
  }

  #publish(target: string, making: Making, reply: string) {
    if (existsSync(join(target, "temper.json")) && existsSync(join(target, makingArtifact(making).path))) return;
    const aside = join(dirname(target), `.${making.key}.${process.pid}`);
    mkdirSync(aside, { recursive: true });
    writeFileSync(join(aside, "temper.json"), `{"key":${JSON.stringify(making.key)},"reply":${reply.trimEnd()}}\n`);
    this.#skills.write(aside, making);
    rmSync(target, { recursive: true, force: true });
    renameSync(aside, target);
  }
}

function readMaking(step: Step, content: Buffer, file: string): { making: Making; steps: number } {
  if (step.script === "merge") {
    const { key, inputs, settings } = parseContract(content, contractSchemas["merge.request"], file);
    const weights = settings.t === null ? settings.weights : [1 - settings.t, settings.t];
    return { steps: 0, making: { kind: "merge", key, parents: inputs.models, weights } };
  }
  const isPreference = step.script === "preference";
  const { key, inputs, settings } = isPreference
    ? parseContract(content, contractSchemas["preference.request"], file)
    : parseContract(content, contractSchemas["sft.request"], file);
  const datasets = "datasets" in inputs ? inputs.datasets.map((dataset) => dataset.key) : [inputs.dataset.key];
  const steps = Math.round((settings.max_steps > 0 ? settings.max_steps : defaultSteps) * inputs.fidelity.steps);
  return { steps, making: { kind: "train", key, parents: [inputs.model], datasets, steps, isPreference } };
}
