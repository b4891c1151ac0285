import { leftOf } from "../../budget/caps.ts";
import { formatAmount } from "../../budget/format-amount.ts";
import { runStatus, type RunStatus } from "../../service/run-status.ts";
import type { Run, Store } from "../../store/store.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer, AnswerSection } from "../answer/answer.ts";

function standing(sheet: AnswerSheet, { best, passedOver, base, baselines }: RunStatus): string {
  if (best === null) return passedOver === null ? "nothing is evaluated yet." : sheet.quote("run", passedOver);
  const over =
    best.overBase === null ? "" : `, ${sheet.difference(best.model, base?.model ?? "", best.overBase)} over ${base?.model ?? "its base"}`;
  const beside = [
    ...(base === null || base.model === best.model ? [] : [{ ...base, label: "base" }]),
    ...baselines.filter(({ label }) => label === "sft_all"),
  ];
  const others = beside.map(
    ({ model, label, score }) => `${label?.replaceAll("_", " ") ?? ""} ${model} ${sheet.score(model, "score", score)}`,
  );
  sheet.source("evaluation", best.model, `${best.model} on ${best.score.items} items of the search split`);
  const above = passedOver === null ? "" : ` ${sheet.quote("run", passedOver)}`;
  const made = sheet.phrase(best.model, best.made);
  return `${best.model} ${sheet.score(best.model, "score", best.score)} on search${over}; ${made}.${above}${others.length === 0 ? "" : ` Beside it: ${others.join(", ")}.`}`;
}

function underWay(sheet: AnswerSheet, { lanes }: RunStatus): AnswerSection[] {
  const running = lanes.filter(({ state }) => state !== "waiting");
  if (running.length === 0) return [];
  const told = running.map(({ trial, action }) => {
    sheet.source("trial", trial, action);
    return `trial ${trial}: ${sheet.phrase(`trial ${trial}`, action)}`;
  });
  return [{ title: "Under way", text: `${told.join("; ")}.` }];
}

function waiting(sheet: AnswerSheet, { waiting: approvals }: RunStatus): AnswerSection[] {
  if (approvals.length === 0) return [];
  const told = approvals.map(({ id, trial, batch, estimate }) => {
    sheet.source("approval", id, `asked about ${trial === null ? (batch ?? "a batch") : `trial ${trial}`}`);
    return `${id} (${trial === null ? (batch ?? "a batch") : `trial ${trial}`}), ${sheet.hours(id, estimate.deviceHoursP50)} to ${sheet.hours(id, estimate.deviceHoursP90)}`;
  });
  return [{ title: "Waits for people", text: `${told.join("; ")}.` }];
}

function spent(sheet: AnswerSheet, { deviceHours, caps, llm }: RunStatus): string {
  const limits = caps
    .filter(({ name }) => name !== "trials")
    .map((cap) => {
      for (const amount of [leftOf(cap), cap.limit]) sheet.quote("run", formatAmount(cap.name, amount));
      return `${formatAmount(cap.name, leftOf(cap))} of ${formatAmount(cap.name, cap.limit)} left`;
    });
  const tokens = llm.calls === 0 ? "" : `, ${sheet.count("run", llm.tokens, "LLM tokens")}`;
  return `${sheet.hours("run", deviceHours.spent)}${tokens}${limits.length === 0 ? "" : `; ${limits.join(", ")}`}.`;
}

/** Where a run stands: progress, best, what runs, what waits, what it cost so far. */
export async function statusAnswer(store: Store, run: Run): Promise<Answer> {
  const sheet = new AnswerSheet();
  const status = await runStatus(store, run.id);
  const { progress, plan, lesson } = status;
  const done = `${sheet.count("run", progress.chosen, "of")} ${sheet.count("run", progress.trials, "trials")}`;
  const failed = progress.failed === 0 ? "" : `, ${sheet.count("run", progress.failed, "failed")}`;
  const other = progress.other === 0 ? "" : `, ${sheet.count("run", progress.other, "baselines and repeats")}`;
  sheet.source("run", run.id, `run ${run.name}, ${status.run.state}`);
  if (plan !== null) sheet.source("plan", plan.version, plan.focus);
  return sheet.finish({
    lead: `${run.name} is ${status.run.state} (${sheet.quote("run", status.run.stateReason)}): ${done}${other}${failed}.`,
    sections: [
      { title: "Best", text: standing(sheet, status) },
      ...status.warnings.map((warning) => ({ title: "Check", text: sheet.quote("run", warning) })),
      ...(status.claim === null ? [] : [{ title: "Claim", text: sheet.quote("run", status.claim) }]),
      ...(plan === null ? [] : [{ title: "Now", text: sheet.quote("plan", plan.focus) }]),
      ...(lesson === null || lesson === "" ? [] : [{ title: "Learnt last", text: sheet.quote("memory", lesson) }]),
      ...underWay(sheet, status),
      ...waiting(sheet, status),
      { title: "Spent", text: spent(sheet, status) },
    ],
    suggestions: ["leaderboard", "what would you try next?", "plot best"],
    subject: status.best?.model ?? null,
  });
}
