import { outcomeFacts } from "../explain/outcome-facts.ts";
import { RunFacts } from "../explain/run-facts.ts";
import type { OutcomeFacts } from "../explain/why-facts.ts";
import { formatChangeInterval, formatInterval } from "../memory/format-score.ts";
import type { Prediction } from "../policy/policy.ts";
import type { Approval, Run, Store, Trial } from "../store/store.ts";
import { costLine } from "./cost-line.ts";

interface Asked {
  approval: Approval;
  trial: Trial;
  /** What was predicted of the very action that was approved; null without. */
  prediction: Prediction | null;
}

/** One line on what came of a trial that people approved; null while it is under way. */
export async function trialResult(store: Store, run: Run, { approval, trial, prediction }: Asked): Promise<string | null> {
  switch (trial.state) {
    case "selected":
    case "waiting":
    case "running":
      return null;
    case "skipped":
      return `Not started: ${sentence(trial.detail ?? trial.failure ?? "no reason is on record")}`;
    case "failed": {
      const what =
        trial.failure === "cancelled" ? "Cancelled" : `Failed: ${(trial.failure ?? "for an unknown reason").replaceAll("_", " ")}`;
      const why = trial.detail === null || trial.detail === "" ? "" : ` (${trial.detail.replace(/\.$/, "")})`;
      return `${what}${why}. ${await costOf(store, approval, trial)}`;
    }
    case "done":
      return `${await scoreOf(store, run, trial, prediction)} ${await costOf(store, approval, trial)}`;
  }
}

const sentence = (text: string) => `${text.replace(/\.$/, "")}.`;

async function scoreOf(store: Store, run: Run, trial: Trial, prediction: Prediction | null): Promise<string> {
  const made = trial.model === null ? null : await store.objects.find(run.id, trial.model);
  if (made?.kind !== "model") return "Done, and no model is on record.";
  const facts = await outcomeFacts(await RunFacts.open(store, run), { trial, model: made }, prediction);
  if (facts.score === null) return `Done: ${made.id}, which was not evaluated on every task that counts.`;
  const { items, split } = facts.score;
  const measured = `Done: ${made.id} ${formatInterval(facts.score)} on ${items} ${split} items (95 % interval)`;
  const learnt = trial.learnt === false ? " It trained without learning." : "";
  return `${measured}${overParent(facts)}${againstPrediction(facts, prediction)}.${learnt}`;
}

function overParent({ parent, difference }: OutcomeFacts): string {
  return parent === null || difference === null ? "" : `, ${formatChangeInterval(difference)} over ${parent}`;
}

function againstPrediction({ predictionHeld }: OutcomeFacts, prediction: Prediction | null): string {
  if (prediction === null || predictionHeld === null) return "";
  return `; predicted ${formatInterval(prediction)}, ${predictionHeld ? "which held" : "which did not hold"}`;
}

async function costOf(store: Store, approval: Approval, trial: Trial): Promise<string> {
  if (trial.fromCache) return "Answered from what was known: no device time.";
  const { deviceSeconds } = await store.jobs.spentOnApproval(approval.id);
  return costLine(approval, deviceSeconds > 0 ? deviceSeconds : trial.deviceSeconds);
}
