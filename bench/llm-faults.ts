import type { Bench, BenchContext } from "./bench.ts";
import { startScriptedOpenai, type CompletionRequest, type ScriptedAnswer } from "#tests/scripted-openai/server.ts";
import { openScriptedWorld } from "#tests/graphs/scripted-world.ts";

/** A way in which an endpoint can misbehave, and the word of the event that must come of it. */
interface Fault {
  name: string;
  answer: (request: CompletionRequest) => ScriptedAnswer | null;
  event: RegExp;
  /** What the run's budget adds for this fault. */
  budget?: object;
}

const schemaName = (request: CompletionRequest) => request.response_format?.json_schema.name ?? "";

/** The first of the words that a prompt lists in random order: an honest, if lazy, model. */
function firstMatch(request: CompletionRequest, pattern: RegExp): string {
  return (
    pattern.exec(request.messages.findLast((message) => message.role === "user" && pattern.test(message.content))?.content ?? "")?.[1] ?? ""
  );
}

const goodAnswers: Record<string, (request: CompletionRequest) => ScriptedAnswer> = {
  plan: () => ({ kind: "json", value: { phase: "explore", focus: "Try what is unknown.", tasks: [] } }),
  action_type: (request) => ({ kind: "json", value: { reason: "open", action_type: firstMatch(request, /^(sft|merge_\w+): /m) } }),
  objects: () => ({ kind: "json", value: { reason: "ranked high", candidate: "c1", models: [], datasets: [], setting: null } }),
  memory: () => ({
    kind: "json",
    value: { experience: "Steps differ in what they give.", directions: "Look at all of them.", lesson: "One more was tried." },
  }),
};

function goodAnswer(request: CompletionRequest): ScriptedAnswer {
  return goodAnswers[schemaName(request)]?.(request) ?? { kind: "status", status: 400 };
}

/** The same answer whatever is asked. */
const always = (answer: ScriptedAnswer) => () => answer;

const faults: Fault[] = [
  {
    name: "unknown id",
    answer: (request) =>
      schemaName(request) === "objects"
        ? { kind: "json", value: { reason: "", candidate: "c99", models: [], datasets: [], setting: null } }
        : null,
    event: /unknown_id: there is no candidate "c99"/,
  },
  {
    name: "repeated action",
    answer: (request) =>
      schemaName(request) === "objects"
        ? { kind: "json", value: { reason: "again", candidate: null, models: ["m0"], datasets: ["math"], setting: "s1" } }
        : schemaName(request) === "action_type"
          ? { kind: "json", value: { reason: "", action_type: "sft" } }
          : null,
    event: /invalid_action: .*(tried|done|repeat|under way|quota)/i,
  },
  { name: "truncated JSON", answer: always({ kind: "text", text: '{"reason": "bec', finishReason: "length" }), event: /cut off/ },
  { name: "refusal", answer: always({ kind: "refusal", text: "I will not" }), event: /refused: I will not/ },
  { name: "wrong schema", answer: always({ kind: "json", value: { choice: "m1" } }), event: /wrong form/ },
  { name: "empty answer", answer: always({ kind: "text", text: "" }), event: /empty or no JSON/ },
  { name: "429", answer: always({ kind: "status", status: 429 }), event: /rate limited|did not answer/ },
  { name: "500", answer: always({ kind: "status", status: 500 }), event: /failed \(500\)|did not answer/ },
  { name: "hang", answer: always({ kind: "hang" }), event: /did not answer within/ },
  { name: "cap reached", answer: () => null, event: /llm_tokens is used up/, budget: { llm_tokens: 300 } },
];

interface FaultRow {
  fault: string;
  trialsDone: number;
  events: number;
  roles: string[];
  sound: boolean;
}

async function runFault(fault: Fault, trials: number): Promise<FaultRow> {
  const server = await startScriptedOpenai((request) => fault.answer(request) ?? goodAnswer(request));
  const world = await openScriptedWorld({
    policy: "hybrid",
    llm: { default: { model: "scripted", base_url: server.baseUrl, timeout_seconds: 3 } },
    budget: { trials, ...fault.budget },
  });
  try {
    await world.conductor().follow(world.run.id);
    const done = (await world.trials()).filter((trial) => trial.state === "done").length;
    const events = (await world.store.events.list(world.run.id)).filter((event) => fault.event.test(event.text));
    const roles = [...new Set(server.requests.map(schemaName))].toSorted();
    const state = (await world.store.runs.find(world.run.id))?.state;
    return {
      fault: fault.name,
      trialsDone: done,
      events: events.length,
      roles,
      sound: done === trials && state === "finished" && events.length > 0,
    };
  } finally {
    await world.close();
    await server.close();
  }
}

/** Without a fault every role is asked: planner, selector twice, reflector. */
async function seeEveryRole(trials: number): Promise<string[]> {
  const { roles } = await runFault({ name: "none", answer: () => null, event: /^$/ }, trials);
  return roles;
}

/** LLM agents over HTTP against a server that misbehaves in every way we know. */
export const bench: Bench = {
  name: "llm-faults",
  describe: "LLM agents over HTTP: every fault of an endpoint ends in a sound trial and an event that says what happened",
  async run({ smoke, print }: BenchContext) {
    const trials = smoke ? 2 : 6;
    const roles = await seeEveryRole(trials);
    print(`no fault: asked ${roles.join(", ")}`);
    const rows: FaultRow[] = [];
    for (const fault of faults) {
      const row = await runFault(fault, trials);
      rows.push(row);
      print(`${row.fault.padEnd(16)} ${row.trialsDone} of ${trials} trials done, ${row.events} events say so`);
    }
    const sound = rows.filter((row) => row.sound).length;
    const allRoles = ["action_type", "memory", "objects", "plan"].every((role) => roles.includes(role));
    return {
      value: sound,
      unit: `of ${faults.length} faults end soundly`,
      target: `${faults.length}, and planner, selector (two calls) and reflector are asked`,
      pass: sound === faults.length && allRoles,
      details: { trials, roles, rows: rows.map((row) => ({ ...row })) },
    };
  },
};
