import { batchKey } from "../../action/key.ts";
import { decideApproval } from "../../approval/decide-approval.ts";
import type { Person } from "../../approval/person.ts";
import { personKey } from "../../approval/person-key.ts";
import { requestApproval } from "../../approval/request-approval.ts";
import { whyAsk } from "../../budget/why-ask.ts";
import { TemperError, UserInputError } from "../../errors.ts";
import type { PoolModel, RegisteredTask } from "../../pool/objects.ts";
import { judgeOverlaps } from "../../pool/overlap-gate.ts";
import type { PreparedObjects } from "../../pool/prepared-objects.ts";
import type { Estimate, Run, Store } from "../../store/store.ts";
import { recordOverlaps } from "../record-overlaps.ts";
import { type RegisteredObjects, registerObjects } from "../register-objects.ts";
import { type AddedObjects, describeAdded, withAdded } from "./added-objects.ts";
import { checkExtension } from "./check-extension.ts";
import { knownObjects, namesOf } from "./known-objects.ts";
import { modelsToMeasure } from "./models-to-measure.ts";

export interface Extension {
  added: AddedObjects;
  prepared: PreparedObjects;
  /** Names of the run's datasets and tasks that it was compared with. */
  compared: readonly string[];
  /** What measuring it costs; null for nothing. */
  estimate: Estimate | null;
  person: Person;
  now: Date;
}

/**
 * Lets objects and tasks join a run that goes on. Nothing under way is disturbed: jobs know nothing of what joined, and
 * models are measured on new tasks before the next trial is chosen. Where that is over the approval threshold, whoever
 * confirms it approves it.
 * @returns what was done, in a sentence.
 * @throws UserInputError when it may not join, or the yes of this person is not enough.
 */
export async function extendRun(store: Store, { id }: Pick<Run, "id">, extension: Extension): Promise<string> {
  const { added, prepared, estimate, person, now } = extension;
  return store.transaction(async (inside) => {
    const run = await inside.runs.find(id);
    if (run === null) throw new TemperError("not_found", `There is no run ${id}.`, { run: id });
    checkExtension(run, added);
    await checkCompared(inside, run, extension);
    const models = await inside.objects.models(id);
    const objects = registerObjects(added, prepared, nextIds(models));
    const measured = objects.tasks.length === 0 ? [] : await modelsToMeasure(inside, run);
    const leftOut = models.filter((model) => measured.every((each) => each.id !== model.id));
    const trials = (await inside.trials.live(id)).map(({ number }) => number);
    await join(inside, run, { added, objects, joined: { leftOut: leftOut.map((model) => model.id), trials } });
    // A finished run goes on: its models are compared on everything or not at all.
    await inside.runs.setState(id, ["finished"], "running", "something joined it");
    await approve(inside, run, { models: [...measured, ...objects.models], estimate, person, now });
    const text = describe(run, extension, { measured, leftOut, objects });
    await inside.events.append({
      runId: id,
      kind: "objects-add",
      actor: person.name,
      trial: null,
      text,
      fields: { models: Object.keys(added.models), datasets: Object.keys(added.datasets), tasks: Object.keys(added.tasks) },
    });
    // The run's own datasets, as it knew them before.
    for (const { id: dataset, overlap } of prepared.known_overlaps ?? [])
      if (overlap.found.length > 0) await inside.objects.addOverlap(id, dataset, overlap);
    const { allowed } = judgeOverlaps(added, prepared, run);
    await recordOverlaps(inside, { runId: id, author: person.name, allowed, prepared });
    return text;
  });
}

/** What joined while this was read and asked about was not looked at for overlaps with it. */
async function checkCompared(store: Store, run: Run, { added, compared }: Extension): Promise<void> {
  const seen = new Set(compared);
  const unseen = namesOf(await knownObjects(store, run)).filter((name) => !seen.has(name));
  if (unseen.length === 0 || Object.keys({ ...added.datasets, ...added.tasks }).length === 0) return;
  throw new UserInputError(
    `${unseen.join(" and ")} joined ${run.name} meanwhile, and ${describeAdded(added)} was not compared with that for overlaps: ask for it again.`,
    {},
    "conflict",
  );
}

/** Models get neutral ids in the order in which they join. */
function nextIds(models: readonly PoolModel[]): (place: number) => string {
  const known = new Set(models.map((model) => model.id));
  let count = models.length;
  const ids: string[] = [];
  return (place) => {
    for (; ids.length <= place; count++) if (!known.has(`m${count}`)) ids.push(`m${count}`);
    return ids[place] ?? `m${count}`;
  };
}

async function join(
  store: Store,
  run: Run,
  { added, objects, joined }: { added: AddedObjects; objects: RegisteredObjects; joined: NonNullable<RegisteredTask["joined"]> },
): Promise<void> {
  for (const object of [...objects.models, ...objects.datasets]) await store.objects.add(run.id, object);
  const tasks = [...run.tasks, ...objects.tasks.map((task) => ({ ...task, joined }))];
  await store.runs.setConfig(run.id, withAdded(run.config, added), tasks);
}

/** The yes to measuring it is a yes like any other: by an approver, and by two where the owner says so. */
async function approve(
  store: Store,
  run: Run,
  { models, estimate, person, now }: Pick<Extension, "estimate" | "person" | "now"> & { models: readonly PoolModel[] },
): Promise<void> {
  const why = estimate === null ? null : whyAsk(run.config, estimate);
  if (estimate === null || why === null) return;
  const members = models.map((model) => model.key);
  const key = batchKey(members);
  const asked = await requestApproval(store, { runId: run.id, trial: null, batch: "additions", key, members, estimate, why }, now);
  const decision = { id: asked.id, key, by: person.name, person: personKey(person), role: person.role, reason: null } as const;
  const decided = await decideApproval(store, { ...decision, to: "approved" });
  if (decided.state === "approved") return;
  throw new UserInputError(
    `Measuring what joins takes ${why}; the yes of ${person.name} alone is not enough for that. Let somebody else confirm it, or add less.`,
    {},
    "not_allowed",
  );
}

function describe(
  { name }: Run,
  { added, person }: Extension,
  { measured, leftOut, objects }: { measured: readonly PoolModel[]; leftOut: readonly PoolModel[]; objects: RegisteredObjects },
): string {
  const sentences = [`${person.name} added ${describeAdded(added)} to ${name}.`];
  const ids = objects.models.map((model) => `${model.name ?? ""} is ${model.id}`);
  if (ids.length > 0) sentences.push(`${ids.join(", ")}.`);
  const left = leftOut.length;
  if (objects.tasks.length > 0) {
    const others =
      left === 0
        ? ""
        : `; ${left} older ${left === 1 ? "one keeps its scores and is" : "ones keep their scores and are"} not ranked any more`;
    sentences.push(`${measured.length} ${measured.length === 1 ? "model is" : "models are"} measured on it first${others}.`);
  }
  return sentences.join(" ");
}
