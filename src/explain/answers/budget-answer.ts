import { leftOf, readCaps } from "../../budget/caps.ts";
import { formatAmount } from "../../budget/format-amount.ts";
import type { Run, Store } from "../../store/store.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer } from "../answer/answer.ts";

/** What is spent, reserved and left of every cap, and from where people are asked. */
export async function budgetAnswer(store: Store, run: Run): Promise<Answer> {
  const sheet = new AnswerSheet();
  const caps = await readCaps(store, run);
  const { over } = run.config.approval;
  const said = (name: (typeof caps)[number]["name"], amount: number) => sheet.quote("run", formatAmount(name, amount));
  const sections = caps.map((cap) => ({
    title: cap.name.replaceAll("_", " "),
    text: `${said(cap.name, cap.spent)} spent${cap.reserved > 0 ? `, ${said(cap.name, cap.reserved)} reserved for jobs under way (p90)` : ""}, ${said(cap.name, leftOf(cap))} left of ${said(cap.name, cap.limit)}.`,
  }));
  const spent = await store.jobs.spent(run.id);
  const limits = [
    ...(over.device_hours === undefined ? [] : [sheet.quote("run", formatAmount("device_hours", over.device_hours))]),
    ...(over.usd === undefined ? [] : [sheet.quote("run", formatAmount("usd", over.usd))]),
  ];
  sheet.source("run", run.id, `budget and approval thresholds of ${run.name}`);
  sheet.source("job", run.id, `device time of all jobs of ${run.name}`);
  return sheet.finish({
    lead: `${run.name} has used ${sheet.hours("run", spent.deviceSeconds / 3600)} so far.`,
    sections: [
      ...sections,
      {
        title: "People are asked",
        text: limits.length === 0 ? "about nothing: no threshold is set." : `over ${limits.join(" or ")} a trial (p90).`,
      },
    ],
    suggestions: ["status", "set the budget to 60 trials"],
  });
}
