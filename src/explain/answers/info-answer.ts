import packageJson from "../../../package.json" with { type: "json" };
import type { Store } from "../../store/store.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer } from "../answer/answer.ts";

const secondsPerHour = 3600;

function upFor(milliseconds: number): string {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000));
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Versions, uptime, and what all runs of the home have spent: device-hours, money and tokens. */
export async function infoAnswer(store: Store, { now, startedAt }: { now: Date; startedAt: Date }): Promise<Answer> {
  const sheet = new AnswerSheet();
  const runs = await store.runs.list();
  let [hours, usd, tokens] = [0, 0, 0];
  for (const { id, config } of runs) {
    const spent = (await store.jobs.spent(id)).deviceSeconds / secondsPerHour;
    const llm = await store.llmCalls.totals(id);
    hours += spent;
    usd += spent * config.budget.usd_per_device_hour + llm.usd;
    tokens += llm.inputTokens + llm.outputTokens;
    sheet.source("run", id, `jobs and LLM calls of ${id}`);
  }
  const going = runs.filter(({ state }) => state === "running").length;
  return sheet.finish({
    lead: `Temper ${packageJson.version}, up for ${upFor(now.getTime() - startedAt.getTime())}.`,
    sections: [
      { title: "Runs", text: `${sheet.count("runs", runs.length, "in all")}, ${sheet.count("runs", going, "going on")}.` },
      {
        title: "Spent by all runs",
        text: `${sheet.hours("runs", hours)}, ${sheet.usd("runs", usd)}, ${sheet.count("runs", tokens, "LLM tokens")}.`,
      },
      { title: "Versions", text: `Node ${process.versions.node}, database ${store.dialect}.` },
    ],
    suggestions: ["runs", "status"],
  });
}
