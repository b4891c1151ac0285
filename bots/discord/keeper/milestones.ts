import { describeSubject } from "#src/approval/request-approval.ts";
import type { Cap } from "#src/budget/caps.ts";
import { formatAmount, formatDeviceHours } from "#src/budget/format-amount.ts";
import { formatChangeInterval, formatScore } from "#src/memory/format-score.ts";
import type { MemoryVersion } from "#src/memory/memory.ts";
import type { RunStatus } from "#src/service/run-status.ts";
import type { Approval } from "#src/store/store.ts";
import { formatMargin } from "../../terminal/render/format-margin.ts";
import { escapeLine } from "../render/escape.ts";

/** Something worth a message of its own. It is told once in a run, under its name. */
export interface Milestone {
  /** `best:m24`, `budget:trials:50`, `failure:out_of_memory:2`. */
  name: string;
  /** Markdown. */
  text: string;
  /** What is drawn beside it. */
  figures: readonly { figure: "best-so-far" | "effects" | "lineage"; model: string | null }[];
}

/** What milestones are told from. */
export interface MilestoneFacts {
  status: RunStatus;
  failures: MemoryVersion["failures"];
  /** The best model minus what it had to beat: the best told of last, else the best baseline. null = nothing to beat. */
  lead: { over: string; mean: number; low: number; high: number } | null;
  /** null where no noise was measured. */
  noiseFloor: number | null;
  /** Questions that wait and expire soon. */
  expiring: readonly Approval[];
}

const budgetSteps = [100, 80, 50];
/** So often has a failure happened when it is told (again). */
const failureSteps = [20, 10, 5, 2];
/** Trials without a new best after which people are asked whether to go on. */
const idleTrials = 20;

function newBest({ status: { best }, lead, noiseFloor }: MilestoneFacts): Milestone[] {
  if (best === null || best.kind !== "chosen" || lead === null) return [];
  if (lead.low <= 0 || lead.mean <= (noiseFloor ?? 0)) return [];
  const noise = noiseFloor === null ? "" : `; the noise floor is ${formatScore(noiseFloor)}`;
  return [
    {
      name: `best:${best.model}`,
      text: `**New best: ${best.model} ${formatMargin(best.score)}**, ${formatChangeInterval(lead)} over ${lead.over} (${best.score.split}, ${best.score.items} items, paired, 95 %${noise}).\n${escapeLine(best.made)}, trial ${best.trial}.`,
      figures: [{ figure: "lineage", model: best.model }],
    },
  ];
}

function budget({ status }: MilestoneFacts): Milestone[] {
  return status.caps.flatMap((cap: Cap) => {
    const percent = (100 * cap.spent) / cap.limit;
    const step = budgetSteps.find((each) => percent >= each);
    if (step === undefined) return [];
    const text = `**${step} % of the budget is gone**: ${formatAmount(cap.name, cap.spent)} of ${formatAmount(cap.name, cap.limit)}.`;
    return [{ name: `budget:${cap.name}:${step}`, text, figures: [] }];
  });
}

function failing({ failures }: MilestoneFacts): Milestone[] {
  return failures.flatMap(({ reason, count, trials }) => {
    const step = failureSteps.find((each) => count >= each);
    if (step === undefined) return [];
    const text = `**The same failure ${count} times**: ${escapeLine(reason)} (trials ${trials.slice(-5).join(", ")}). See \`/tail ${trials.at(-1)}\`.`;
    return [{ name: `failure:${reason.slice(0, 60)}:${step}`, text, figures: [] }];
  });
}

function idle({ status: { best, progress, lanes, run } }: MilestoneFacts): Milestone[] {
  if (best === null || run.endedAt !== null || progress.chosen < idleTrials) return [];
  const latest = Math.max(best.trial ?? 0, ...lanes.map(({ trial }) => trial));
  const since = latest - (best.trial ?? 0);
  if (since < idleTrials) return [];
  const text = `**Nothing better for ${since} trials** than ${best.model} ${formatMargin(best.score)}. Stop (\`/run stop\`), steer (\`/steer\`), or let it spend the rest?`;
  return [{ name: `idle:${best.model}:${Math.floor(since / idleTrials)}`, text, figures: [] }];
}

function reminders({ expiring }: MilestoneFacts): Milestone[] {
  return expiring.map((approval) => {
    const seconds = Math.floor(Date.parse(approval.expiresAt) / 1000);
    const text = `**${approval.id} still waits for an answer**: ${describeSubject(approval)}, ${approval.why}. It expires <t:${seconds}:R>; its card is above, or say \`/approve which: ${approval.id}\`.`;
    return { name: `remind:${approval.id}`, text, figures: [] };
  });
}

function end({ status: { run, best, passedOver, base, progress, deviceHours } }: MilestoneFacts): Milestone[] {
  if (run.endedAt === null) return [];
  const above = passedOver === null ? "" : escapeLine(passedOver, 500);
  const found =
    best === null
      ? above || "Nothing was evaluated."
      : `Best: **${best.model} ${formatMargin(best.score)}** on ${best.score.split}${base === null ? "" : `, base ${formatMargin(base.score)}`}${best.overBase === null ? "" : ` (${formatChangeInterval(best.overBase)})`}.\n${escapeLine(best.made)}.${above === "" ? "" : `\n${above}`}`;
  const next =
    best === null ? "" : `\nAsk \`/why ${best.model}\` · keep \`/recipe ${best.model}\` · open the final split once: \`temper finalize\``;
  return [
    {
      name: `end:${run.state}:${run.endedAt}`,
      text: `**The run ${run.state}**: ${escapeLine(run.stateReason)}.\n${found}\n${progress.chosen} chosen trials, ${progress.other} baselines and repeats, ${formatDeviceHours(deviceHours.spent)}.${next}`,
      figures: [
        { figure: "best-so-far", model: null },
        { figure: "effects", model: null },
        ...(best === null ? [] : [{ figure: "lineage", model: best.model } as const]),
      ],
    },
  ];
}

/** Everything that is worth a message now; what was told before is among it. Pure. */
export function milestonesOf(facts: MilestoneFacts): Milestone[] {
  return [...newBest(facts), ...budget(facts), ...failing(facts), ...idle(facts), ...reminders(facts), ...end(facts)];
}
