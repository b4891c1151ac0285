import { MemorySaver } from "@langchain/langgraph";
import type { Person } from "#src/approval/person.ts";
import type { Chat, ChatMessage } from "#graphs/chat/chat.ts";
import { createChat, type ChatOptions } from "#graphs/chat/index.ts";
import { aProposal, anAction, predicted, RecordedRun } from "#tests/fixtures/recorded-run.ts";

export const askedAt = new Date("2026-01-02T12:00:00.000Z");
export const owner: Person = { platform: "terminal", id: "ada", name: "ada", role: "owner" };

export const actions = {
  sftMath: anAction("sft", ["m0"], ["math"], { max_steps: 80 }),
  sftCommon: anAction("sft", ["m0"], ["common"], { max_steps: 80 }),
  ties: anAction("merge_ties", ["m1", "m2"], [], { density: 0.5 }),
  mathThenCommon: anAction("sft", ["m1"], ["common"], { max_steps: 80 }),
  dpo: anAction("dpo", ["m1"], ["prefs"]),
  finish: anAction("sft", ["m3"], ["math"], { max_steps: 20 }),
};

/**
 * A run that is told: a baseline (m1, math), a chosen SFT (m2, common), a TIES merge of both (m3) from 1,105 candidates,
 * a DPO that ran out of memory, and an SFT of m3 (m4, best) a day later.
 */
export async function tellRun(): Promise<RecordedRun> {
  const recorded = await RecordedRun.open();
  const { store, run } = recorded;
  const { sftMath, sftCommon, ties, mathThenCommon, dpo, finish } = actions;
  await recorded.evaluate("m0", { math: 40, common: 40 });
  await recorded.finish(await recorded.select(sftMath, "baseline", "single"), { math: 80, common: 30 });
  await recorded.finish(await recorded.select(sftCommon, "chosen", null, aProposal(sftCommon)), { math: 35, common: 75 });
  const effect = { count: 3, mean: 0.15, low: 0.1, high: 0.2, trials: [1, 3], tasks: {} };
  await store.memories.add(run.id, {
    version: 1,
    trial: 2,
    experience: "SFT on math lifts math by .400 (trial 1). SFT on common costs math.",
    directions: "Merge m1 and m2, then go on with math.",
    lesson: "SFT on common made m2.",
    effects: [
      { ...effect, name: "dataset:math" },
      { ...effect, name: "sft × common", mean: -0.02, low: -0.06, high: 0.02, trials: [2] },
      { ...effect, name: "type:dpo", count: 2, mean: -0.03, low: -0.05, high: -0.01, trials: [4] },
    ],
    failures: [{ reason: "out_of_memory", count: 1, trials: [4] }],
    by: "rules",
  });
  await store.plans.add(run.id, {
    version: 1,
    phase: "combine",
    focus: "Combine: m2 is ahead of m1 on common by +.450 (trials 1 and 2).",
    tasks: [],
    fidelity: { data: 1, steps: 1 },
    until: 9,
    by: "rules",
  });
  const chosen = aProposal(ties, {
    candidates: [
      { action: ties, value: 1, prediction: predicted(0.7) },
      { action: mathThenCommon, value: 0.9, prediction: predicted(0.69) },
      { action: dpo, value: 0.5, prediction: predicted(0.6) },
    ],
    candidatesConsidered: 1105,
    mode: "combine",
    reason: "m1 is best on math and m2 on common (trials 1 and 2).",
    evidence: [1, 2],
    effects: [{ name: "sft on math", mean: 0.15, low: 0.1, high: 0.2, trials: [1] }],
  });
  await recorded.finish(await recorded.select(ties, "chosen", null, chosen), { math: 78, common: 70 });
  const failing = await recorded.select(dpo, "chosen", null, aProposal(dpo));
  await store.trials.update(run.id, failing, { state: "failed", failure: "out_of_memory", detail: "peak 79.1 of 79.6 GiB" });
  const last = aProposal(finish, {
    candidates: [
      { action: finish, value: 1, prediction: predicted(0.76) },
      { action: mathThenCommon, value: 0.4, prediction: predicted(0.68) },
    ],
    candidatesConsidered: 900,
  });
  const fifth = await recorded.select(finish, "chosen", null, last);
  await recorded.finish(fifth, { math: 86, common: 69 });
  for (const [number, endedAt] of [
    [1, "2026-01-01T10:00:00.000Z"],
    [2, "2026-01-01T10:30:00.000Z"],
    [3, "2026-01-01T11:00:00.000Z"],
    [4, "2026-01-01T11:30:00.000Z"],
    [5, "2026-01-02T11:00:00.000Z"],
  ] as const) {
    await store.trials.update(run.id, number, { endedAt, deviceSeconds: 1800 });
  }
  return recorded;
}

/** The chat on a told run, with no model unless given. */
export function openChat({ store }: Pick<RecordedRun, "store">, parts: Partial<ChatOptions> = {}): Chat {
  return createChat({
    store,
    llm: null,
    proposals: null,
    readLog: null,
    env: {},
    timeZone: "UTC",
    startedAt: new Date("2026-01-02T10:00:00.000Z"),
    now: () => askedAt,
    checkpointer: new MemorySaver(),
    ...parts,
  });
}

/** A message of the owner in a channel without a run of its own. */
export function said(text: string, parts: Partial<ChatMessage> = {}): ChatMessage {
  return { thread: "chat:terminal:test", person: owner, text, runId: null, replyTo: null, ...parts };
}
