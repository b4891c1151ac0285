import { version as discordVersion } from "discord.js";
import packageJson from "../../../package.json" with { type: "json" };
import { formatDeviceHours } from "#src/budget/format-amount.ts";
import { formatDuration } from "../../terminal/render/format-duration.ts";
import { formatUsd } from "../../terminal/render/format-estimate.ts";
import { answer } from "../answer.ts";
import { defineCommand } from "../command.ts";
import { escapeMarkdown } from "#src/explain/answer/escape-markdown.ts";

/** `/info`: how long it has been up, what was spent, which versions answer. */
export const info = defineCommand({
  definition: { name: "info", description: "Uptime, what was spent in all runs, versions" },
  isPrivate: true,
  parse: () => null,
  async run(_ask, { store, desk }) {
    let hours = 0;
    let usd = 0;
    let tokens = 0;
    const runs = await store.runs.list();
    for (const { id, config } of runs) {
      const { deviceSeconds } = await store.jobs.spent(id);
      const llm = await store.llmCalls.totals(id);
      hours += deviceSeconds / 3600;
      usd += (deviceSeconds / 3600) * config.budget.usd_per_device_hour + llm.usd;
      tokens += llm.inputTokens + llm.outputTokens;
    }
    const live = runs.filter(({ endedAt }) => endedAt === null).map(({ name, state }) => `${escapeMarkdown(name)} (${state})`);
    const up = formatDuration((desk.now().getTime() - desk.startedAt.getTime()) / 1000);
    return answer(
      [
        `Up for **${up}**. ${live.length === 0 ? "No run goes on." : `Going on: ${live.join(", ")}.`}`,
        `Spent over ${runs.length} ${runs.length === 1 ? "run" : "runs"}: ${formatDeviceHours(hours)}, ${formatUsd(usd)}, ${tokens.toLocaleString("en")} LLM tokens.`,
        `Temper ${packageJson.version}, Node ${process.versions.node}, discord.js ${discordVersion}, database ${store.dialect}.`,
      ].join("\n"),
    );
  },
});
