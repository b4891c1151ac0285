import { describeAction } from "#src/action/describe-action.ts";
import { describeSubject } from "#src/approval/request-approval.ts";
import { ModelScores } from "#src/service/model-scores.ts";
import { formatScore } from "#src/memory/format-score.ts";
import type { Run, Store } from "#src/store/store.ts";
import type { CatalogueNames } from "../desk.ts";

/** A suggestion: what is shown, and what is filled in. */
export interface Choice {
  name: string;
  value: string | number;
}

/** What Discord shows at most. */
export const mostChoices = 25;
const longestName = 100;

interface Question {
  /** `run add`, `approve`: options of one name mean different things in different commands. */
  command: string;
  /** The option that is typed. */
  option: string;
  /** The run that is meant; null while there is none. */
  run: Run | null;
  catalogue: CatalogueNames;
}

async function runs(store: Store): Promise<Choice[]> {
  return (await store.runs.list()).toReversed().map(({ id, state }) => ({ name: `${id} (${state})`, value: id }));
}

async function models(store: Store, run: Run): Promise<Choice[]> {
  const scores = await ModelScores.open(store, run, "search");
  const choices: Choice[] = [{ name: "best: the best one so far", value: "best" }];
  for (const { model: id, score } of await scores.ranking(mostChoices - 1)) {
    const model = await store.objects.find(run.id, id);
    if (model?.kind !== "model") continue;
    const trial = model.trial === null ? null : await store.trials.find(run.id, model.trial);
    choices.push({ name: `${id} ${formatScore(score)} ${trial === null ? "base model" : describeAction(trial.action)}`, value: id });
  }
  return choices;
}

async function trials(store: Store, run: Run): Promise<Choice[]> {
  const { live, ...counts } = await store.trials.counts(run.id);
  const last = counts.chosen + counts.chosenFromCache + counts.other + live;
  const latest = await store.trials.list(run.id, Math.max(1, last - 60));
  return latest.toReversed().map(({ number, state, action }) => ({ name: `${number} ${state}: ${describeAction(action)}`, value: number }));
}

async function approvals(store: Store, run: Run): Promise<Choice[]> {
  const pending = await store.approvals.list(run.id, "pending");
  return pending.map((approval) => ({ name: `${approval.id}: ${describeSubject(approval)}, ${approval.why}`, value: approval.id }));
}

const sections = { model: "models", dataset: "datasets", task: "tasks" } as const;

/** What of the catalogue may still join a run; without a run, all of it. */
function toAdd({ option, run, catalogue }: Question): Choice[] {
  const section = Object.entries(sections).find(([name]) => name === option)?.[1];
  if (section === undefined) return [];
  const known = run?.config[section] ?? {};
  return catalogue[section].filter((name) => !Object.hasOwn(known, name)).map((name) => ({ name, value: name }));
}

/** What may stand in an option of a command. */
export async function offered(store: Store, question: Question): Promise<Choice[]> {
  const { command, option, run, catalogue } = question;
  if (option === "run") return runs(store);
  if (option === "config") return catalogue.runs.map((name) => ({ name, value: name }));
  if (command === "run add") return toAdd(question);
  if (run === null) return [];
  switch (option) {
    case "what":
    case "model":
    case "first":
    case "second":
      return models(store, run);
    case "trial":
      return trials(store, run);
    case "which":
      return approvals(store, run);
    default:
      return [];
  }
}

/** Those that may be meant by what is typed so far, as Discord takes them. */
export function complete(choices: readonly Choice[], typed: string): Choice[] {
  const part = typed.toLowerCase();
  return choices
    .filter(({ name, value }) => name.toLowerCase().includes(part) || String(value).toLowerCase().includes(part))
    .slice(0, mostChoices)
    .map(({ name, value }) => ({ name: name.slice(0, longestName), value }));
}
