import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { EnvironmentError } from "#src/errors.ts";
import { createRng } from "#src/policy/rng.ts";
import { splits } from "#src/pool/objects.ts";
import { contractSchemas } from "#tools/contract/schemas.ts";
import type { PrepareInputs } from "#tools/prepare/prepare-inputs.ts";
import type { Lab } from "#tools/lab/lab.ts";
import { countWords, type Planting, plantings, type Row } from "./plant-overlap.ts";
import { storyProblem } from "./story-problems.ts";

const preparedSchema = contractSchemas["prepare.reply"].options[0].shape.metrics;
type Prepared = z.infer<typeof preparedSchema>;
const itemSchema = z.looseObject({ id: z.string(), prompt: z.string() });
const listedSchema = z.looseObject({ row: z.int(), task: z.string(), split: z.string(), exact: z.boolean() });
const questionSchema = z.looseObject({ question: z.string() });

export interface OverlapPlan {
  directory: string;
  lab: Lab;
  /** Data draws of the tiny world. */
  worlds: readonly number[];
  /** Sets of the tiny world that are registered as they are. */
  sets: readonly string[];
  tasks: readonly string[];
  /** Items that are planted in each way, from each group of tasks. */
  planted: number;
  stories: number;
  /** Directory with `gsm8k/train.jsonl`, or null: real questions beside the made ones. */
  data: string | null;
}

/** What was found of rows that hold an item in one way, or of rows that hold none. */
export interface Found {
  of: string;
  items: string;
  kind: "exact" | "n-gram" | "clean";
  rows: number;
  found: number;
}

type Task = PrepareInputs["tasks"][number];
type Dataset = PrepareInputs["datasets"][number];
const source = (path: string) => ({ path, revision: null });

function asTask(id: string, path: string, items: number): Task {
  const split = { search: items, confirm: items, final: items };
  const answer = { verifier: { kind: "exact", after: "#" }, max_new_tokens: 12, few_shot: 0, task: null, include_path: null } as const;
  return { id, kind: "generate", source: source(path), split: null, columns: {}, ...answer, items: split };
}

const asDataset = (id: string, path: string): Dataset => ({
  id,
  source: source(path),
  split: null,
  format: "auto",
  columns: {},
  on_bad_rows: "fail",
});

function writeRows(file: string, rows: readonly object[]): string {
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return file;
}

function readRows<T>(file: string, schema: z.ZodType<T>): T[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => schema.parse(JSON.parse(line)));
}

/** Questions of a task whose items are the first half, and clean rows that are the other. */
interface Source {
  name: string;
  items: number;
  path: string;
  clean: Row[];
}

function asSource({ directory }: OverlapPlan, name: string, questions: readonly string[]): Source {
  const half = Math.floor(questions.length / 2);
  const path = join(directory, `${name}-task.jsonl`);
  writeRows(
    path,
    questions.slice(0, half).map((prompt) => ({ prompt, answer: "7" })),
  );
  const clean = questions.slice(half).map((prompt): Row => ({ prompt, completion: "7" }));
  return { name, path, items: Math.floor(half / 3), clean };
}

function ownSources(plan: OverlapPlan): Source[] {
  const rng = createRng("gates", "stories");
  const stories = new Set(Array.from({ length: 2 * plan.stories }, () => storyProblem(rng)));
  const made = asSource(plan, "stories", [...stories]);
  if (plan.data === null) return [made];
  const questions = readRows(join(plan.data, "gsm8k/train.jsonl"), questionSchema).map(({ question }) => question.trim());
  return [made, asSource(plan, "gsm8k", createRng("gates", "gsm8k").shuffle([...new Set(questions)]))];
}

async function register({ directory, lab }: OverlapPlan, datasets: Dataset[], tasks: Task[]): Promise<Prepared> {
  const inputs: PrepareInputs = {
    cache_dir: join(directory, "cache"),
    models: [{ id: "base", source: source("tiny-world:S/base") }],
    datasets,
    tasks,
    offline: true,
  };
  const answer = await lab.run({ script: "prepare", key: "prepare", seed: 0, inputs, settings: {}, output: join(directory, "scratch") });
  if (answer.status === "failed") throw new EnvironmentError(`The sets could not be registered: ${answer.detail}`);
  const prepared = preparedSchema.parse(answer.metrics);
  const [problem] = prepared.problems;
  if (problem !== undefined) throw new EnvironmentError(`${problem.object} could not be registered: ${problem.message}`);
  return prepared;
}

/** Items of a registered task, with the split that each is in. */
function itemsOf({ path }: Prepared["tasks"][number]): { split: string; prompt: string }[] {
  return splits.flatMap((split) => readRows(join(path, `${split}.jsonl`), itemSchema).map(({ prompt }) => ({ split, prompt })));
}

interface Planted {
  planting: Planting;
  items: string;
  /** By row, where its item is. */
  places: { task: string; split: string }[];
  dataset: Dataset;
}

/** Plants items of a group of tasks in each way, one file a way. */
function plant(plan: OverlapPlan, name: string, tasks: readonly Prepared["tasks"][number][]): Planted[] {
  const all = tasks.flatMap((task) => itemsOf(task).map((item) => ({ ...item, task: task.id })));
  return plantings.flatMap((planting) => {
    const rng = createRng("gates", name, planting.name);
    const chosen = rng.shuffle(all.filter(({ prompt }) => countWords(prompt) >= planting.leastWords)).slice(0, plan.planted);
    if (chosen.length === 0) return [];
    const id = `${name} ${planting.name}`.replaceAll(/[^a-z0-9]+/g, "_");
    const file = join(plan.directory, `${id}.jsonl`);
    writeRows(
      file,
      chosen.map(({ prompt }) => planting.plant(prompt, rng)),
    );
    return [{ planting, items: name, places: chosen, dataset: asDataset(id, file) }];
  });
}

function judge({ planting, items, places, dataset }: Planted, registered: Prepared): Found {
  const list = registered.datasets.find(({ id }) => id === dataset.id)?.overlap.list ?? null;
  const listed = list === null ? [] : readRows(list, listedSchema);
  const found = places.filter(({ task, split }, index) =>
    listed.some((each) => each.row === index + 1 && each.task === task && each.split === split && (each.exact || !planting.exact)),
  );
  return {
    of: planting.name,
    items,
    kind: planting.exact ? "exact" : "n-gram",
    rows: places.length,
    found: found.length,
  };
}

/** Registers sets with planted items and sets without any by the script that runs use, and counts what it finds. */
export async function findOverlaps(plan: OverlapPlan): Promise<Found[]> {
  mkdirSync(plan.directory, { recursive: true });
  const found: Found[] = [];
  for (const world of plan.worlds) {
    const tasks = plan.tasks.map((name) => asTask(name, `tiny-world:${name}?world=${world}`, 200));
    const sets = plan.sets.map((name) => asDataset(name, `tiny-world:${name}?world=${world}`));
    const group = `tiny world ${world}`;
    found.push(...(await plantAndFind(plan, group, { tasks, sets })));
  }
  for (const { name, path, items, clean } of ownSources(plan)) {
    const set = asDataset(`${basename(name)}_clean`, writeRows(join(plan.directory, `${name}-clean.jsonl`), clean));
    found.push(...(await plantAndFind(plan, name, { tasks: [asTask(name, path, items)], sets: [set] })));
  }
  return found;
}

async function plantAndFind(plan: OverlapPlan, name: string, { tasks, sets }: { tasks: Task[]; sets: Dataset[] }): Promise<Found[]> {
  const first = await register(plan, sets, tasks);
  const planted = plant(plan, name, first.tasks);
  const second = await register(
    plan,
    planted.map(({ dataset }) => dataset),
    tasks,
  );
  const clean = first.datasets.map(({ id, rows, overlap }): Found => {
    return { of: id, items: name, kind: "clean", rows, found: overlap.rows.any };
  });
  return [...planted.map((each) => judge(each, second)), ...clean];
}
