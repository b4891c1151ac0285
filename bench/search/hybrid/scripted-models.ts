import { createRng } from "#src/policy/rng.ts";
import type { CompletionRequest, ScriptedAnswer } from "#tests/scripted-openai/server.ts";

/** A language model as a rule: what it answers to the selector's two questions. */
export type ScriptedModel = (request: CompletionRequest) => ScriptedAnswer;

/** What an objects question lists, read from the prompt as a model would. */
interface Listed {
  candidates: { id: string; text: string; mean: number }[];
  models: { id: string; mean: number }[];
  datasets: string[];
  settings: string[];
  mayOverride: boolean;
  /** How often the question was asked before, because an answer could not be used. */
  corrections: number;
}

/** Data that sink an answer's form on the landscape: the one fact that the good model knows, and the bad one misuses. */
const spoiling = ["math_words", "common_name"];

function promptOf({ messages }: CompletionRequest): string {
  return messages.filter(({ role }) => role === "user")[0]?.content ?? "";
}

function typesOf(request: CompletionRequest): { name: string; mean: number }[] {
  return [...promptOf(request).matchAll(/^([a-z_]+): .*untried steps.*$/gm)].map(([line, name = ""]) => ({
    name,
    mean: Number(/predicted (-?[\d.]+)/.exec(line)?.[1] ?? -1),
  }));
}

function listedBy(request: CompletionRequest): Listed {
  const text = promptOf(request);
  return {
    candidates: [...text.matchAll(/^(c\d+): (.*?); predicted (-?[\d.]+)/gm)].map(([, id = "", what = "", mean]) => {
      return { id, text: what, mean: Number(mean) };
    }),
    models: [...text.matchAll(/^(m\d+): mean (-?[\d.]+)/gm)].map(([, id = "", mean]) => ({ id, mean: Number(mean) })),
    datasets: [...text.matchAll(/^(\w+): \d+ rows/gm)].map(([, id = ""]) => id),
    settings: [...text.matchAll(/^(s\d+): /gm)].map(([, id = ""]) => id),
    mayOverride: text.includes("or override with objects of your own"),
    corrections: request.messages.filter(({ role }) => role === "assistant").length,
  };
}

const isTypeQuestion = (request: CompletionRequest) => request.response_format?.json_schema.name === "action_type";
const typeAnswer = (action_type: string): ScriptedAnswer => ({ kind: "json", value: { reason: "By my rule.", action_type } });
const take = (candidate: string): ScriptedAnswer => objectsAnswer({ candidate });

function objectsAnswer(value: object): ScriptedAnswer {
  return { kind: "json", value: { reason: "By my rule.", candidate: null, models: [], datasets: [], setting: null, ...value } };
}

const isSound = ({ text }: { text: string }) => !spoiling.some((id) => text.includes(id));

function bestFirst<T extends { mean: number }>(entries: readonly T[]): T[] {
  return entries.toSorted((a, b) => b.mean - a.mean);
}

/** Takes what is predicted worst, and where it may override trains the worst model on data that spoil it. */
const adversarial: ScriptedModel = (request) => {
  if (isTypeQuestion(request)) return typeAnswer(bestFirst(typesOf(request)).at(-1)?.name ?? "");
  const { candidates, models, datasets, settings, mayOverride, corrections } = listedBy(request);
  const model = bestFirst(models).toReversed()[corrections];
  if (mayOverride && model !== undefined && datasets.length > 0)
    return objectsAnswer({
      models: [model.id],
      datasets: [datasets.find((id) => spoiling.includes(id)) ?? datasets[0]],
      setting: settings[0] ?? null,
    });
  return take(bestFirst(candidates).at(-1)?.id ?? "c1");
};

/** Takes anything. @param seed two models of one seed answer alike. */
function random(seed: number): ScriptedModel {
  let questions = 0;
  return (request) => {
    const rng = createRng("random model", seed, (questions += 1));
    if (isTypeQuestion(request)) return typeAnswer(rng.pick(typesOf(request)).name);
    const { candidates } = listedBy(request);
    return take(candidates.length === 0 ? "c1" : rng.pick(candidates).id);
  };
}

/** Takes what stands first, whatever it is: the bias that small models have. */
const positionBiased: ScriptedModel = (request) => (isTypeQuestion(request) ? typeAnswer(typesOf(request)[0]?.name ?? "") : take("c1"));

/**
 * Knows which data spoil an answer's form, and nothing else: it takes the optimiser's best unless that trains on them, and
 * then trains the best model on a mixture of other data.
 */
const knowsConflicts: ScriptedModel = (request) => {
  if (isTypeQuestion(request)) return typeAnswer(bestFirst(typesOf(request))[0]?.name ?? "");
  const { candidates, models, datasets, settings, mayOverride, corrections } = listedBy(request);
  const sound = bestFirst(candidates.filter(isSound))[0];
  if (sound !== undefined) return take(sound.id);
  const model = bestFirst(models)[0];
  const good = datasets.filter((id) => !spoiling.includes(id)).toSorted();
  if (!mayOverride || model === undefined || good.length === 0) return take(bestFirst(candidates)[0]?.id ?? "c1");
  const chosen = good.slice(corrections, corrections + 3);
  return objectsAnswer({ models: [model.id], datasets: chosen, setting: settings[0] ?? null });
};

/** Models that must not do harm, by name. */
export const badModels: Readonly<Record<string, (seed: number) => ScriptedModel>> = {
  adversarial: () => adversarial,
  random,
  "position-biased": () => positionBiased,
};

/** The model that knows one true fact. */
export const goodModel: ScriptedModel = knowsConflicts;
